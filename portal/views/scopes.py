"""Where an access rule holds and until when, as the forms of several pages ask for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing.models import Licence
from licensing.rules import NewRule
from portal.acts import ReasonForm
from portal.words.times import midnight_after

LONGEST = dt.timedelta(days=3650)
WHOLE_ACCOUNT, THIS_LICENCE = "account", "licence"


class ScopeForm(ReasonForm):
    """Where a rule holds, until when, and why."""

    scope = forms.ChoiceField(
        label=gettext_lazy("Where it holds"), widget=forms.RadioSelect, initial=THIS_LICENCE
    )
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: until you lift it."),
    )

    def __init__(self, licence: Licence, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.licence = licence
        self.fields["scope"].choices = [  # type: ignore[attr-defined]
            (THIS_LICENCE, licence.name),
            (WHOLE_ACCOUNT, _("Every licence of %s") % licence.account),
        ]

    def clean_until(self) -> dt.date | None:
        """The last day, which is not over yet and not beyond all calendars."""
        until = self.cleaned_data["until"]
        if until and until < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."))
        if until and until > timezone.localdate() + LONGEST:
            raise forms.ValidationError(_("Choose a day within ten years, or none."))
        return until

    def rule_about(self, username: str, machine_name: str) -> NewRule:
        """The rule that was asked for."""
        until = self.cleaned_data.get("until")
        is_account_wide = self.cleaned_data.get("scope") == WHOLE_ACCOUNT
        return NewRule(
            licence=None if is_account_wide else self.licence,
            username=username,
            machine_name=machine_name,
            ends_at=midnight_after(until) if until else None,
        )
