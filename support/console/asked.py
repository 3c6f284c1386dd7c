"""What was asked of an act, from the form that asks to the page on which it is checked.

It waits in the session: the check is a page of its own, to which the browser's way back leads.
Once it was done it is over, and what was done is kept instead.
"""

from __future__ import annotations

from typing import Any

from django.forms import BoundField, Form
from django.http import HttpRequest, QueryDict
from django.utils.crypto import get_random_string

KEPT_AS, DONE_AS = "asked_of_acts", "done_of_acts"
PARAMETER, CONFIRMED = "asked", "confirmed"
MOST_KEPT, MOST_DONE = 3, 20
OWN_WORDS = ("reason", "ticket", "note")
SAID = (*OWN_WORDS, "why", "is_told")


def keep(request: HttpRequest, pairs: list[tuple[str, Any]]) -> str:
    """Keep what was asked; return by what its page asks for it. The last few are kept."""
    token = get_random_string(12)
    kept = [*request.session.get(KEPT_AS, {}).items(), (token, pairs)]
    request.session[KEPT_AS] = dict(kept[-MOST_KEPT:])
    return token


def kept_for(request: HttpRequest) -> QueryDict | None:
    """What was asked before this page; None if it is the form's own, or kept no more."""
    pairs = request.session.get(KEPT_AS, {}).get(request.GET.get(PARAMETER))
    if pairs is None:
        return None
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    return data


def end(request: HttpRequest, done: list[str]) -> None:
    """It was done, as these words tell: its page offers it no more."""
    if token := request.GET.get(PARAMETER):
        kept = [*request.session.get(DONE_AS, {}).items(), (token, done)]
        request.session[DONE_AS] = dict(kept[-MOST_DONE:])


def done_of(request: HttpRequest) -> list[str]:
    """What was done of what this page asked for; nothing while it waits."""
    done: list[str] = request.session.get(DONE_AS, {}).get(request.GET.get(PARAMETER), [])
    return done


def own_words(form: Form) -> list[BoundField]:
    """Those that somebody wrote."""
    fields = [form[name] for name in OWN_WORDS if name in form.fields]
    return [field for field in fields if field.value()]


def said(form: Form) -> list[tuple[str, str]]:
    """What was said of why by who confirmed what cannot be done so: it goes along to the next
    check."""
    if CONFIRMED not in form.data:
        return []
    return [(name, form.data.get(name, "")) for name in SAID if name in form.fields]
