"""What pages ask and tell of tokens, whichever API they open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing.names import one_line
from portal.models.tokens import SecretToken
from portal.words.times import date_in_words, midnight_after, moment_in_full

DAYS_AT_FIRST = 90
MOST_DAYS = 366


class TokenForm(forms.Form):
    """What a token is called, what it may do of these ``scopes``, and its last day."""

    name = forms.CharField(
        validators=[one_line],
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("What it is for, such as “Power BI report”."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Owners get a mail 14 days before. At most a year from now."),
    )

    def __init__(self, scopes: Sequence[tuple[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].initial = timezone.localdate() + dt.timedelta(days=DAYS_AT_FIRST)
        self.fields["scopes"].choices = scopes  # type: ignore[attr-defined]

    def clean_ends_on(self) -> dt.date:
        """The last day; refused when it is past or more than a year away."""
        last_day: dt.date = self.cleaned_data["ends_on"]
        today = timezone.localdate()
        latest = today + dt.timedelta(days=MOST_DAYS)
        if not today <= last_day <= latest:
            text = _("Choose a day from today to %s.") % date_in_words(latest, today=today)
            raise forms.ValidationError(text)
        return last_day

    @property
    def ends_at(self) -> dt.datetime:
        """Midnight after the last day."""
        return midnight_after(self.cleaned_data["ends_on"])


def last_use(token: SecretToken) -> str:
    """When and from where it was used last."""
    if token.last_used_at is None:
        return _("It was never used.")
    words = {
        "time": moment_in_full(token.last_used_at, now=timezone.now()),
        "address": token.last_used_from or _("an unknown address"),
    }
    return _("It was last used %(time)s from %(address)s.") % words
