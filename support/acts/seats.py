"""The user limit of a licence, now or from a date: what the act asks, foretells and calls."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.functional import lazy

from licensing import licences, limits, planned_seats, pools
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import Licence
from licensing.usage.roll_up import first_use
from portal.usage.peaks import Peaks
from support.acts.fields import SeatsField
from support.acts.orders import OrderForm, by_order
from support.acts.records import RecordAct, why_not_closed
from support.acts.why import Usual, Why
from support.words import day, moment, number_of, weekday

DAYS_OF_PEAK = 30
MORE = (
    Usual(Why.ORDER, "The customer ordered more seats."),
    Usual(Why.ORDER, "A trial until the order is here."),
)
FEWER = (Usual(Why.ORDER, "The customer ordered fewer seats."),)


def seats_after(licence: Licence, asked: str) -> int:
    """How many seats the licence has after what was asked, emergency seats not counted.

    Raise InvalidOperation if impossible.
    """
    seats = int(asked) + (limits.ordered_seats_of(licence) if asked[0] in "+-" else 0)
    limits.require_seats(seats)
    return seats


def possible_seats(licence: Licence, asked: str) -> str:
    """What was asked; raise ValidationError where the licence can't have so many seats."""
    try:
        seats_after(licence, asked)
    except InvalidOperation as refusal:
        raise forms.ValidationError(str(refusal)) from refusal
    return asked


class SeatsForm(OrderForm):
    """How many seats, from when, by which order, and why."""

    seats = SeatsField()
    on = forms.DateField(
        required=False,
        label="From",
        help_text="Empty: now. Else from the start of that day in the account's time zone.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    presets = tuple(("seats", more, more) for more in ("+1", "+2", "+5", "+10"))
    field_order = ["seats", "on", "order_reference", "reason"]

    def __init__(self, *args: Any, record: Licence, **options: Any) -> None:
        super().__init__(*args, record=record, **options)
        self.fields["seats"].help_text = lazy(seats_help, str)(record)  # not where no page asks it

    def clean_seats(self) -> str:
        """What was asked; the usual reasons are those of as many more, or fewer."""
        asked = possible_seats(self.record, self.cleaned_data["seats"])
        is_more = seats_after(self.record, asked) > limits.ordered_seats_of(self.record)
        self.reasons = MORE if is_more else FEWER
        return asked


def seats_help(licence: Licence) -> str:
    """How many there are, the most in use at once in the last 30 days, and what may be typed."""
    peak = f"peak of {DAYS_OF_PEAK} days {peak_of(licence):,}"
    return f"{licence.seats:,} now, {peak}. {SeatsField().help_text}"


def peak_of(licence: Licence) -> int:
    """How many were in use at once at most."""
    one = [licence]
    peaks = Peaks(licence.account, one, days=DAYS_OF_PEAK, began=first_use(one))
    return peaks.peak_of(licence)


def preview_seats(licence: Licence, *, seats: str, on: dt.date | None = None) -> list[str]:
    """What the new limit means for those who work now and those who come."""
    after = seats_after(licence, seats)
    if on is None:
        return [*preview_limit(licence, after), *planned_besides(licence)]
    planned_seats.require_possible(licence, after, on)
    return [
        *taken_away(licence, after),
        f"From {weekday(on)}, 00:00 in {licence.account.time_zone}. Until then nothing changes.",
        what_is_left(licence, after),
        *above(licence, after),
        *planned_besides(licence),
    ]


def preview_limit(licence: Licence, seats: int) -> list[str]:
    """The same, for so many seats, at once."""
    if seats == limits.ordered_seats_of(licence):
        raise InvalidOperation(f"{licence} has a user limit of {seats:,} already.")
    return [*taken_away(licence, seats), what_is_left(licence, seats), *above(licence, seats)]


def taken_away(licence: Licence, seats: int) -> list[str]:
    """That the customer has fewer seats then, which who types a minus may not have meant."""
    fewer = limits.ordered_seats_of(licence) - seats
    return [f"This TAKES {number_of(fewer, 'seat')} AWAY from the customer."] if fewer > 0 else []


def what_is_left(licence: Licence, seats: int) -> str:
    """How many can start then."""
    in_use, seats = pools.in_use(licence), seats + limits.emergency_seats_of(licence)
    change = f"{licence}: {licence.seats:,} to {seats:,}. In use now {in_use:,}"
    if in_use > seats:
        return (
            f"{change}, so it will be {in_use - seats:,} over. "
            f"No program is closed; no new starts until use falls below {seats:,}."
        )
    if in_use == seats:
        return f"{change}, so it will be full. No program is closed."
    free = number_of(seats - in_use, "seat")
    left = f"{change}, so {free} {'is' if seats - in_use == 1 else 'are'} free then."
    return f"{left}{more_at_once(seats - licence.seats)}"


def more_at_once(more: int) -> str:
    """How many more can start, if any."""
    return f" {number_of(more, 'more person', 'more people')} can start at once." * (more > 0)


def above(licence: Licence, seats: int) -> list[str]:
    """The features whose own limit is above the licence's then."""
    limited = licence.licence_features.limited().filter(seats__gt=seats).select_related("feature")
    return [
        f"{one} is for {one.seats:,} people at once: {seats:,} can have it, as many as have a seat."
        for one in limited
    ]


def planned_besides(licence: Licence) -> list[str]:
    """What goes on by itself, whatever is done now."""
    told = []
    for one in licence.planned_seats.open():
        if one.added and one.until:
            until = moment(one.until, licence.account)
            told.append(f"On top: {number_of(one.added, 'emergency seat')} until {until}.")
        elif one.seats:
            told.append(f"Planned besides: {number_of(one.seats, 'seat')} from {weekday(one.on)}.")
    return told


def set_seats(
    licence: Licence, *, by: Actor, reason: str, seats: str, on: dt.date | None = None
) -> str:
    """Change the user limit, now or from a date; return what to tell."""
    after = seats_after(licence, seats)
    if on:
        planned_seats.plan(licence, after, on=on, by=by, reason=reason)
        return (
            f"{licence}: {number_of(after, 'seat')} from {day(on)}, {licence.seats:,} until then."
        )
    changed = licences.set_seats(licence, after, by=by, reason=reason)
    return f"{changed}: user limit {changed.seats:,}, {pools.in_use(changed):,} in use."


SEATS = by_order(
    RecordAct(
        name="seats",
        label="Change user limit",
        effects="With fewer seats than are in use nobody is closed, and nobody new starts "
        "until use is below the limit. To stop all use, suspend the licence.",
        run=set_seats,
        form=SeatsForm,
        preview=preview_seats,
        why_not=why_not_closed,
        reasons=(*MORE, *FEWER),
        in_rows=True,
        at_hand=True,
    )
)
