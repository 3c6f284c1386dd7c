"""Forms that somebody sent whose sign-in had ended: kept for them until they are in again.

They are kept on the server, the last five of each browser, for an hour. The browser has a
cookie that names them, and only the person whom a form's page was shown to sees it again,
whichever way they sign in. Passwords, codes, keys, tokens and files are never kept. What was
sent after all is forgotten.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import secrets
from typing import NamedTuple

from allauth.core import ratelimit
from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from licensing.history import delete_in_batches
from licensing.typed import KEY_SHAPE
from portal.models import KeptForm
from portal.sent import page_marks

KEEP = dt.timedelta(hours=1)
LONGEST = 50_000
MOST = 5
"""So many are kept for one browser."""
BYTES_OF_NAME = 24
BETWEEN = "."
"""Stands between the names in a cookie, and in none of them."""
CSRF_FIELD = "csrfmiddlewaretoken"
SECRET = re.compile("password|secret|code|token|credential|product_key", re.IGNORECASE)
SHOWN_KEY = re.compile(KEY_SHAPE)
SAYS_NOTHING = frozenset({page_marks.FIELD, "next", "seen"})
"""Fields that a page fills in by itself."""
NOT_WORTH_IT = frozenset(
    {"portal:set_theme", "portal:set_language", "portal:switch_account", "portal:switch_and_send"}
)
"""Choices of one press, for which nothing was typed."""


class Typed(NamedTuple):
    """What a form holds, without secrets, and whether it held any."""

    fields: list[tuple[str, str]]
    has_secrets: bool


def typed_in(request: HttpRequest) -> Typed:
    """What was typed and chosen, and the form's own mark.

    Secrets are left out, for no page may show them.
    """
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != CSRF_FIELD
    ]
    kept = [field for field in fields if not is_secret(*field)]
    return Typed(kept, len(kept) < len(fields))


def is_secret(name: str, value: str) -> bool:
    """Whether a field is one for secrets, or holds a product key wherever it was pasted."""
    return bool(SECRET.search(name) or SHOWN_KEY.search(value))


def is_sent_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent the form."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def keep(request: HttpRequest, page: str) -> str:
    """Keep what was sent from the page; return what the browser's cookie is to say.

    Nothing for what is no form of a person's page, has nothing typed, is too long, or is one of
    too many.
    """
    mark = page_marks.sent_with(request) if request.method == "POST" else None
    typed = typed_in(request) if mark else Typed([], has_secrets=False)
    if mark is None or not is_worth_it(request, typed) or not may_be_kept(request, typed):
        return ""
    names = names_in(request)
    name = name_of(request, mark, names) or secrets.token_urlsafe(BYTES_OF_NAME)
    KeptForm.objects.update_or_create(
        browser=digest_of(name),
        defaults={
            "person": mark.person,
            "account": mark.account,
            "address": request.get_full_path(),
            "page": page,
            "fields": typed.fields,
            "is_partial": typed.has_secrets or bool(request.FILES),
            "kept_at": Now(),
            "is_shown": False,
        },
    )
    others = [other for other in names if other != name]
    return BETWEEN.join([*others, name][-MOST:])


def names_in(request: HttpRequest) -> list[str]:
    """What the browser calls its forms, the last one last; nobody can guess them."""
    cookie = request.COOKIES.get(settings.KEPT_FORM_COOKIE_NAME, "")
    return [name for name in cookie.split(BETWEEN) if name][-MOST:]


def name_of(request: HttpRequest, mark: page_marks.Mark, names: list[str]) -> str:
    """What the same form is called that was kept before; empty for another one."""
    same = with_mark(called(names), mark).filter(address=request.get_full_path())
    digests = set(same.values_list("browser", flat=True)) if mark.form and names else set()
    return next((name for name in names if digest_of(name) in digests), "")


def is_worth_it(request: HttpRequest, typed: Typed) -> bool:
    """Whether the form is more than one press."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return False
    has_words = any(value and name not in SAYS_NOTHING for name, value in typed.fields)
    return has_words and match.view_name not in NOT_WORTH_IT


def may_be_kept(request: HttpRequest, typed: Typed) -> bool:
    """Whether it comes from a page of ours, is short enough, and not one of too many."""
    if not is_sent_from_here(request) or len(json.dumps(typed.fields)) > LONGEST:
        return False
    return ratelimit.consume(request, action="kept_form")


def digest_of(name: str) -> str:
    """As what a form of a browser is known in the database."""
    return hashlib.sha256(name.encode()).hexdigest()


def set_cookie(response: HttpResponse, cookie: str) -> None:
    """Have the browser name its forms when it comes back."""
    response.set_cookie(
        settings.KEPT_FORM_COOKIE_NAME,
        cookie,
        max_age=KEEP,
        httponly=True,
        samesite="Lax",
        secure=settings.KEPT_FORM_COOKIE_SECURE,
    )


def called(names: list[str]) -> QuerySet[KeptForm]:
    """The forms of these names that were sent not long ago."""
    found = KeptForm.objects.filter(browser__in=[digest_of(name) for name in names])
    return found.filter(kept_at__gt=Now() - KEEP)


def with_mark(kept: QuerySet[KeptForm], mark: page_marks.Mark) -> QuerySet[KeptForm]:
    """Those that are the form with this mark."""
    return kept.filter(fields__contains=[[page_marks.FIELD, str(mark)]])


def of(request: HttpRequest, person: int) -> list[KeptForm]:
    """What this browser sent from pages of this person, not long ago, the first one first."""
    names = names_in(request)
    return list(called(names).filter(person=person).order_by("kept_at")) if names else []


def waits_for(request: HttpRequest, person: int) -> bool:
    """Whether the person has not seen yet that a form of theirs is kept."""
    return any(not kept.is_shown for kept in of(request, person))


def is_page_of_another(request: HttpRequest, person: int, page: str | None) -> bool:
    """Whether somebody else's form stood on the page: to them it leads back, not to this person."""
    names = names_in(request)
    return bool(names) and called(names).filter(page=page).exclude(person=person).exists()


def note_shown(shown: list[KeptForm]) -> None:
    """The person has seen them: the next sign-in leads where it would."""
    KeptForm.objects.filter(pk__in=[kept.pk for kept in shown]).update(is_shown=True)


def forget_sent(request: HttpRequest) -> bool:
    """Forget the form that was sent now, if it was kept; whether it was."""
    names, mark = names_in(request), page_marks.sent_with(request)
    if not names or mark is None or not mark.form:
        return False
    deleted, _of_each = with_mark(called(names), mark).filter(person=mark.person).delete()
    return deleted > 0


def forget() -> int:
    """Delete what nobody came back for within the hour; return how many."""
    return delete_in_batches(KeptForm.objects.filter(kept_at__lte=Now() - KEEP))
