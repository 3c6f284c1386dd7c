"""The account's working hours, as its owners set them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing.usage import working_hours
from licensing.usage.working_hours import WorkingHours
from portal.acts import ReasonForm
from portal.models import Role
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.people.account_settings import back_to_settings
from portal.words.working_hours import MIDNIGHT, in_words

QUARTER = 15
"""Minutes: use is counted in quarters of an hour."""


def time_field(**wanted: Any) -> forms.TimeField:
    """A time of day, in quarters of an hour."""
    wrong = gettext_lazy("Give a time of day, such as 07:00 or 17:30.")
    return forms.TimeField(
        widget=forms.TimeInput(attrs={"type": "time", "step": QUARTER * 60}, format="%H:%M"),
        error_messages={"required": wrong, "invalid": wrong},
        **wanted,
    )


class WorkingHoursForm(ReasonForm):
    """On which days people work, from when until when, and why they are changed."""

    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one day.")},
    )
    opens = time_field(label=gettext_lazy("From"))
    closes = time_field(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("00:00 is midnight at the end of the day."),
    )
    field_order = ["days", "opens", "closes", "reason"]

    def clean_opens(self) -> dt.time:
        return in_quarters(self.cleaned_data["opens"])

    def clean_closes(self) -> dt.time:
        """A quarter of an hour after they begin."""
        closes, opens = in_quarters(self.cleaned_data["closes"]), self.cleaned_data.get("opens")
        if opens and closes != MIDNIGHT and closes <= opens:
            raise forms.ValidationError(
                _("Working hours end on the day on which they begin: give a later time.")
            )
        return closes


def in_quarters(time: dt.time) -> dt.time:
    """The same time; raise ValidationError unless it is a quarter of an hour."""
    if time.minute % QUARTER or time.second or time.microsecond:
        raise forms.ValidationError(_("Use is counted in quarters of an hour: give one of them."))
    return time


@require_safe_or_post
@role_required(Role.OWNER)
def change_working_hours(request: AccountRequest) -> HttpResponse:
    """Change by which hours working time is counted."""
    before = working_hours.of_account(request.account)
    form = WorkingHoursForm(request.POST or None, initial=before._asdict())
    act = Act(
        title=_("Change the working hours?"),
        effects=effects_of_changing(before, request.account.time_zone),
        button=_("Change working hours"),
        back=back_to_settings(),
    )

    def do(form: WorkingHoursForm) -> str:
        by = request.user.as_actor
        if working_hours.change(request.account, **form.cleaned_data, by=by):
            return _("Saved.")
        return _("Nothing was changed.")

    return carry_out(request, act, form, do)


def effects_of_changing(before: WorkingHours, zone: str) -> list[str]:
    """What counts by them, in sentences."""
    return [
        _("Now: %(hours)s (%(zone)s).") % {"hours": in_words(before), "zone": zone},
        _("Averages, time at each level and size advice count these hours, of the past too."),
        _("Nobody is kept from working at other times."),
    ]
