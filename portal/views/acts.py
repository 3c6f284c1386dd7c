"""Acts that hurt: each has a page that says what will happen and asks why, before it does it.

The page works without scripts; with them its links open it as a dialog.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from licensing.errors import LicensingError
from portal.acts import Foretold, refuse


@dataclass(frozen=True, kw_only=True)
class Act(Foretold):
    """An act on a page of its own: what it says before it is done, and where one goes from it.

    ``named`` are the rows in words, as far as a page has room. If it is ``refused`` there is only
    the way back.
    """

    title: str
    back: str
    button: str | Promise = ""
    named: Sequence[str] = ()


def page_of_act(request: HttpRequest, context: dict[str, Any], *, status: int) -> HttpResponse:
    """The page of an act, with the portal around it."""
    return render(request, "portal/act.html", context, status=status)


def carry_out[Form: forms.BaseForm](
    request: HttpRequest,
    act: Act,
    form: Form | None,
    do: Callable[[Form], str | HttpResponse | None],
    *,
    show: Callable[..., HttpResponse] = page_of_act,
) -> HttpResponse:
    """Ask, and once the person has confirmed what they read, ``do`` it.

    ``do`` returns what to tell, or an answer of its own, or None when it has said on the form why
    not; what the domain refuses is said there too. ``show`` makes the page.
    """
    if act.refused or form is None or not is_confirmed_as_read(request, act, form):
        return ask(request, act, form, show=show)
    try:
        done = do(form)
    except LicensingError as error:
        refuse(form, error)
        done = None
    if done is None:
        return ask(request, act, form, show=show)
    return done if isinstance(done, HttpResponse) else tell_and_go_back(request, act, done)


def is_confirmed_as_read(request: HttpRequest, act: Act, form: forms.BaseForm) -> bool:
    """Whether the form was sent, is valid, and its effects are still those that the person read.

    If they are others, the form says so.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    if act.was_read(request.POST.getlist("seen")):
        return True
    form.add_error(None, _("This changed while you were reading. Look again, then confirm."))
    return False


def ask(
    request: HttpRequest,
    act: Act,
    form: forms.BaseForm | None,
    *,
    show: Callable[..., HttpResponse],
) -> HttpResponse:
    """The page of an act: 422 when its form has errors or it cannot be done.

    Without a form, or where it cannot be done, there is only the way back.
    """
    context = {
        "title": act.title,
        "effects": act.effects,
        "named": act.named,
        "seen": act.fingerprint,
        "form": None if act.refused else form,
        "button": act.button,
        "back": act.back,
        "refused": act.refused,
        "written": written(form) if form and act.refused else [],
    }
    has_failed = request.method == "POST" and (act.refused or (form and form.errors))
    return show(request, context, status=422 if has_failed else 200)


def written(form: forms.BaseForm) -> list[forms.BoundField]:
    """What somebody wrote in a form that they sent, before somebody else was first."""
    by_hand = [
        one for one in form if isinstance(one.field.widget, (forms.TextInput, forms.Textarea))
    ]
    return [one for one in by_hand if form.is_bound and one.value()]


def tell_and_go_back(request: HttpRequest, act: Act, text: str) -> HttpResponse:
    """Back from the act, with a message of what was done."""
    messages.success(request, text)
    return redirect(act.back)


class GroupedCheckboxes(forms.CheckboxSelectMultiple):
    """Boxes under headings that open, of which there are many: the form's ``grouped``."""


def choice_with_note(name: str | Promise, note: str) -> SafeString:
    """A radio button's label: a word, and beneath it what choosing it means."""
    return format_html("<b>{}</b><small>{}</small>", name, note)
