"""The term of a licence: what the act that changes it asks, foretells and calls."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import Http404

from licensing import licences, orders, pools, templates
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import Licence
from licensing.models.licences import LicenceState
from support.acts.orders import OrderForm, by_order
from support.acts.records import Beginning, RecordAct, why_not_closed
from support.words import day, last_day_of


def first_day() -> forms.DateField:
    """The field for the first day of a term."""
    return forms.DateField(
        required=False,
        label="First day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def last_day() -> forms.DateField:
    """The field for the last day of a term."""
    return forms.DateField(
        required=False,
        label="Last day",
        help_text="In the account's time zone. Empty: without end.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


RENEWALS = [("12", "1 year"), ("24", "2 years"), ("36", "3 years")]
"""How long a term is usually renewed for, in months."""
A_YEAR = "12"


class TermForm(OrderForm):
    """The first and last day, and why."""

    starts_on = first_day()
    ends_on = last_day()
    field_order = ["starts_on", "ends_on", "order_reference", "reason"]


def term_of(licence: Licence) -> dict[str, Any]:
    """The form as it stands."""
    days = {"starts_on": licence.starts_on, "ends_on": licence.ends_on}
    return {name: date.isoformat() for name, date in days.items() if date}


def renewed(licence: Licence, chosen: str) -> dict[str, Any]:
    """The form for a term that goes on for so many months after its last day; 404 for others."""
    if chosen not in dict(RENEWALS):
        raise Http404
    begins = licence.ends_on + dt.timedelta(days=1) if licence.ends_on else licence.today
    ends_on = templates.last_day(begins, int(chosen))
    return {"ends_on": ends_on.isoformat() if ends_on else ""}


def preview_term(
    licence: Licence, *, starts_on: dt.date | None, ends_on: dt.date | None
) -> list[str]:
    """The old and the new term, and what it means today."""
    if (starts_on, ends_on) == (licence.starts_on, licence.ends_on):
        raise InvalidOperation(f"{licence} has this term already.")
    orders.require_term(starts_on, ends_on)
    lines = over_already(licence, ends_on)
    lines += [f"{licence} starts: {day(licence.starts_on)} to {day(starts_on)}."]
    lines += [f"{licence} ends: {day(licence.ends_on)} to {day(ends_on)}."]
    return [*lines, means_today(licence, starts_on, ends_on)]


def over_already(licence: Licence, ends_on: dt.date | None) -> list[str]:
    """That the licence ends with the act, which who mistypes a year did not mean."""
    if ends_on is None or ends_on >= licence.today or licence.ends_on == ends_on:
        return []
    return [f"This ENDS the licence at once: {day(ends_on)} has passed."]


def means_today(licence: Licence, starts_on: dt.date | None, ends_on: dt.date | None) -> str:
    """What a term means for those who work now and those who come."""
    if ends_on and ends_on < licence.today:
        return (
            f"The term is over then: from now on nobody starts. In use now "
            f"{pools.in_use(licence)}: those seats come back at their next refresh, "
            "and the programs stay open."
        )
    if starts_on and starts_on > licence.today:
        return f"Nobody starts before {day(starts_on)}. In use now {pools.in_use(licence)}."
    return (
        "People can start the program now."
        if licence.state == LicenceState.ACTIVE
        else (f"Nobody starts the program: the licence is {licence.get_state_display().lower()}.")
    )


def set_term(
    licence: Licence,
    *,
    by: Actor,
    reason: str,
    starts_on: dt.date | None,
    ends_on: dt.date | None,
) -> str:
    """Change the term; return what to tell."""
    licences.set_term(licence, starts_on=starts_on, ends_on=ends_on, by=by, reason=reason)
    first = f"first day {day(starts_on)}, " if starts_on else ""
    return f"{licence}: {first}{last_day_of(ends_on)}."


TERM = by_order(
    RecordAct(
        name="term",
        label="Change term",
        effects="Programs that are open stay open. After the last day nobody starts.",
        run=set_term,
        form=TermForm,
        preview=preview_term,
        why_not=why_not_closed,
        initial=term_of,
        beginning=Beginning("Renew for", lambda: RENEWALS, renewed),
    )
)
