"""Acts on many rows of a list at once: chosen there, counted by whoever confirms them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.acts import TYPED_ABOVE, ReasonForm

MOST_AT_ONCE = 1000


class ChosenForm(forms.Form):
    """Which rows of a list were ticked, or that all are meant: it goes along with a bulk act."""

    chosen = forms.CharField(widget=forms.MultipleHiddenInput, required=False)
    all = forms.CharField(widget=forms.MultipleHiddenInput, required=False)


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

    ``ids`` are those of all rows that are meant; it passes on which of them were ticked, and
    which tables whole.
    """
    if "seen" in request.POST:
        return form(request.POST)
    ticked = set(request.POST.getlist("chosen")).intersection(str(one) for one in ids)
    return form(initial={"chosen": sorted(ticked), "all": request.POST.getlist("all")})


def nothing_chosen(request: HttpRequest, back: str, text: str) -> HttpResponse:
    """Back to the list, from which nothing came along."""
    messages.info(request, text)
    return redirect(back)


def too_many(rows: int, text: str) -> str:
    """Why so many are not taken at once, if so: ``text`` with how many are."""
    return text % {"n": MOST_AT_ONCE} if rows > MOST_AT_ONCE else ""
