"""Seats that change by themselves: giving emergency seats, and what becomes of what is planned."""

from __future__ import annotations

import datetime as dt
from typing import Any

from licensing import clock, emergency_seats, limits, planned_seats, pools
from licensing.audit import Actor
from licensing.models import Licence, PlannedSeats
from support.acts.fields import NumberField
from support.acts.records import Kind, RecordAct, RecordForm, why_not_closed
from support.acts.starting import all_the_same, why_nobody_starts
from support.acts.why import Usual, Why
from support.words import moment, number_of, weekday

USUAL_HOURS = 24


class EmergencyForm(RecordForm):
    """How many seats more, for how many hours, and why."""

    added = NumberField(label="How many more seats", min_value=1, max_value=limits.MOST_SEATS)
    hours = NumberField(
        label="For how many hours",
        min_value=1,
        max_value=emergency_seats.MOST_HOURS,
        initial=USUAL_HOURS,
        help_text=f"1 to {emergency_seats.MOST_HOURS}. Then they go back by themselves.",
    )
    field_order = ["added", "hours", "reason"]


def usual_hours(licence: Licence) -> dict[str, Any]:
    """The form as it stands at first."""
    return {"hours": USUAL_HOURS}


def preview_give(licence: Licence, *, added: int, hours: int) -> list[str]:
    """What they are for now, and what becomes of those who hold one at the end."""
    emergency_seats.require_possible(licence, added, hours)
    ends = moment(clock.database_time() + dt.timedelta(hours=hours), licence.account)
    return [
        f"{licence}: {licence.seats:,} to {licence.seats + added:,} at once, until {ends}. "
        f"In use now {pools.in_use(licence):,}.",
        f"Then {number_of(added, 'seat')} {'goes' if added == 1 else 'go'} back by themselves. "
        "No program is closed; with more in use, nobody new starts until use is below the limit.",
        "The customer sees them, and when they end, on the licence's page.",
        *all_the_same(why_nobody_starts(licence)),
    ]


def give(licence: Licence, *, by: Actor, reason: str, added: int, hours: int) -> str:
    """Give them; return what to tell."""
    given = emergency_seats.give(licence, added, hours=hours, by=by, reason=reason)
    assert given.until
    until = moment(given.until, licence.account)
    return f"{licence}: {number_of(added, 'emergency seat')} until {until}."


def why_not_give(licence: Licence) -> str:
    """Only a pool that goes on has them, and once at a time."""
    if refused := why_not_closed(licence):
        return refused
    if not licence.is_concurrent:
        return f"{licence} is no pool: a device that took an emergency seat would keep it."
    return ""


EMERGENCY = RecordAct(
    name="emergency",
    label="Emergency seats",
    effects="More seats at once, which go back by themselves after some hours.",
    run=give,
    form=EmergencyForm,
    preview=preview_give,
    why_not=why_not_give,
    initial=usual_hours,
    reasons=(
        Usual(Why.ASKED, "More people have to work today than there are seats."),
        Usual(Why.ORDER, "Until the order is here."),
    ),
)


def preview_cancel(planned: PlannedSeats) -> list[str]:
    """What stays."""
    licence = planned.licence
    before = planned_seats.limit_before(licence, planned.on)
    return [
        f"{licence} keeps the user limit that it has until {weekday(planned.on)}: {before:,}. "
        "The customer is told."
    ]


def cancel(planned: PlannedSeats, *, by: Actor, reason: str) -> str:
    """Cancel it; return what to tell."""
    planned_seats.cancel(planned, by=by, reason=reason)
    return f"{planned.licence}: no other user limit from {weekday(planned.on)}."


def why_not_cancel(planned: PlannedSeats) -> str:
    """Only a change that is to come."""
    if planned.added:
        return f"{planned}: these go back by themselves, or are ended."
    return "" if planned.is_open else f"{planned}: carried out or cancelled already."


def preview_end(given: PlannedSeats) -> list[str]:
    """How many are in use, and how many can be then."""
    licence, left = given.licence, emergency_seats.left_without(given, given.licence)
    return [
        f"{licence}: {licence.seats:,} to {left:,} now. In use now {pools.in_use(licence):,}. "
        f"No program is closed; no new starts until use falls below {left:,}."
    ]


def end(given: PlannedSeats, *, by: Actor, reason: str) -> str:
    """Take them back now; return what to tell."""
    licence = emergency_seats.end(given, by=by, reason=reason)
    return f"{licence}: the emergency seats went back, user limit {licence.seats:,}."


def why_not_end(given: PlannedSeats) -> str:
    """Only emergency seats that are there."""
    if not given.added:
        return f"{given}: this is a change from a date, which is cancelled."
    return "" if given.is_open else f"{given}: they have gone back already."


def seen_of(planned: PlannedSeats) -> str:
    """What the acts change."""
    return f"{planned.is_open} {planned.licence.seats}"


def now(planned: PlannedSeats) -> str:
    """How it stands."""
    if planned.is_open:
        return "to come" if planned.on else "there now"
    return "cancelled" if planned.cancelled_at else "over"


KIND = Kind(
    acts=(
        RecordAct(
            name="cancel",
            label="Cancel",
            effects="The user limit stays as it is on that day.",
            run=cancel,
            preview=preview_cancel,
            why_not=why_not_cancel,
            reasons=(Usual(Why.ASKED), Usual(Why.ORDER, "The order was cancelled.")),
            in_rows=True,
            at_hand=True,
            leads_to=lambda planned: planned.licence,
        ),
        RecordAct(
            name="end",
            label="End now",
            effects="The seats go back at once instead of by themselves.",
            run=end,
            preview=preview_end,
            why_not=why_not_end,
            reasons=(Usual(Why.ASKED), Usual(Why.ORDER, "The order is here.")),
            in_rows=True,
            at_hand=True,
            leads_to=lambda given: given.licence,
        ),
    ),
    shown=seen_of,
)
