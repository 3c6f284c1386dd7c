"""Acts that hurt: each has a page that says what will happen and asks why, before it does it.

The page works without scripts; with them its links open it as a dialog.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
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
from django.utils.translation import gettext_lazy

from licensing.errors import LicensingError
from licensing.names import plain_text

MOST_IN_A_REASON = 500
TYPED_ABOVE = 25
"""So many need no typing of how many they are."""


class ReasonForm(forms.Form):
    """Why somebody does it; every act asks."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        validators=[plain_text],
        max_length=MOST_IN_A_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept in the audit record with your name."),
        error_messages={"required": gettext_lazy("Say why, in a few words.")},
    )


class ChosenForm(forms.Form):
    """Which rows of a list were ticked, or that all are meant: it goes along with a bulk act."""

    chosen = forms.CharField(widget=forms.MultipleHiddenInput, required=False)
    all = forms.CharField(widget=forms.HiddenInput, required=False)


class BulkForm(ReasonForm, ChosenForm):
    """Why, and above ``TYPED_ABOVE`` how many there are, typed; which they are goes along."""

    count_label: str | Promise = ""
    miscounted: str | Promise = ""
    count = forms.IntegerField(
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    )
    field_order = ["reason", "count"]

    def __init__(self, number: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number = number
        if number <= TYPED_ABOVE:
            del self.fields["count"]
        else:
            self.fields["count"].label = str(self.count_label)
            self.fields["count"].help_text = _("Type %(n)s.") % {"n": number}

    def clean_count(self) -> int:
        """The number, which has to be the right one."""
        if self.cleaned_data["count"] != self.number:
            raise forms.ValidationError(self.miscounted % {"n": self.number})
        return self.number


def bulk_form[Form: ChosenForm](
    form: Callable[..., Form], request: HttpRequest, ids: Iterable[object]
) -> Form:
    """The form of an act as it was sent; a new one when the list's own form led here.

    ``ids`` are those of the ticked rows, which it passes on.
    """
    if "seen" in request.POST:
        return form(request.POST)
    everything = request.POST.get("all", "")
    chosen = [] if everything else [str(one) for one in ids]
    return form(initial={"chosen": chosen, "all": everything})


@dataclass(frozen=True, kw_only=True)
class Act:
    """What the page of an act says before it is done, and where one goes from it.

    ``effects`` are sentences, ``of`` the rows that they count. ``refused`` says why it cannot
    be done, if so: then there is only the way back.
    """

    title: str
    back: str
    effects: Sequence[str] = ()
    button: str | Promise = ""
    of: Collection[object] = ()
    refused: str = ""

    @property
    def fingerprint(self) -> str:
        """What the page carries along, to tell whether the effects are still those that were read.

        The rows are part of it, so that one gone and one come is told.
        """
        facts = [*self.effects, *sorted(map(str, self.of))]
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]


def carry_out[Form: forms.BaseForm](
    request: HttpRequest,
    act: Act,
    form: Form | None,
    do: Callable[[Form], str | HttpResponse | None],
) -> HttpResponse:
    """Ask, and once the person has confirmed what they read, ``do`` it.

    ``do`` returns what to tell, or an answer of its own, or None when it has said on the form why
    not; what the domain refuses is said there too.
    """
    if act.refused or form is None or not is_confirmed(request, act, form):
        return ask(request, act, form)
    try:
        done = do(form)
    except LicensingError as error:
        refuse(form, error)
        done = None
    if done is None:
        return ask(request, act, form)
    return done if isinstance(done, HttpResponse) else told(request, act, done)


def is_confirmed(request: HttpRequest, act: Act, form: forms.BaseForm) -> bool:
    """Whether the form was sent, is valid, and its effects are still those that the person read.

    If they are others, the form says so.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    if request.POST.get("seen") == act.fingerprint:
        return True
    form.add_error(None, _("This changed while you were reading. Look again, then confirm."))
    return False


def ask(request: HttpRequest, act: Act, form: forms.BaseForm | None) -> HttpResponse:
    """The page of an act: 422 when its form has errors or it cannot be done.

    Without a form, or where it cannot be done, there is only the way back.
    """
    context = {
        "title": act.title,
        "effects": act.effects,
        "seen": act.fingerprint,
        "form": None if act.refused else form,
        "button": act.button,
        "back": act.back,
        "refused": act.refused,
    }
    has_failed = request.method == "POST" and (act.refused or (form and form.errors))
    return render(request, "portal/act.html", context, status=422 if has_failed else 200)


def told(request: HttpRequest, act: Act, text: str) -> HttpResponse:
    """Back from the act, with a message of what was done."""
    messages.success(request, text)
    return redirect(act.back)


def refuse(form: forms.BaseForm, error: LicensingError) -> None:
    """Show on the form why the domain would not do it."""
    form.add_error(None, str(error))


def choice_with_note(name: str | Promise, note: str) -> SafeString:
    """A radio button's label: a word, and beneath it what choosing it means."""
    return format_html("<b>{}</b><small>{}</small>", name, note)
