"""The user limit of a licence, now or from a date: what the act asks, foretells and calls."""

from __future__ import annotations

import dataclasses
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
from support.acts.starting import all_the_same, why_nobody_starts
from support.acts.why import Usual, Why
from support.words import day, moment, number_of, weekday

DAYS_OF_PEAK = 30
MORE = (
    Usual(Why.ORDER, "The customer ordered more seats."),
    Usual(Why.ORDER, "A trial until the order is here."),
)
FEWER = (Usual(Why.ORDER, "The customer ordered fewer seats."),)


def seats_after(licence: Licence, asked: str, on: dt.date | None = None) -> int:
    """How many seats the licence has after what was asked, emergency seats not counted.

    What is more or fewer from a day on is so beside what is planned until then. Raise
    InvalidOperation if impossible.
    """
    seats = int(asked) + (planned_seats.limit_before(licence, on) if asked[0] in "+-" else 0)
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
        label="From which day",
        help_text="Empty: now. Else from the start of that day in the account's time zone.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    presets = tuple(("seats", more, more) for more in ("+1", "+2", "+5", "+10"))
    field_order = ["seats", "on", "order_reference", "reason"]

    def __init__(self, *args: Any, record: Licence, **options: Any) -> None:
        super().__init__(*args, record=record, **options)
        self.fields["seats"].help_text = lazy(seats_help, str)(record)  # not where no page asks it

    def clean_on(self) -> dt.date | None:
        """The day, which comes after the seats: with both it is known how many it will have."""
        on: dt.date | None = self.cleaned_data["on"]
        if asked := self.cleaned_data.get("seats"):
            self.look_at(asked, on)
        return on

    def look_at(self, asked: str, on: dt.date | None) -> None:
        """Have the usual reasons of as many more, or fewer; tell what can't be."""
        try:
            after = seats_after(self.record, asked, on)
        except InvalidOperation as refusal:
            self.add_error("seats", str(refusal))
            return
        is_more = after > planned_seats.limit_before(self.record, on)
        self.reasons = MORE if is_more else FEWER


def seats_help(licence: Licence) -> str:
    """How many there are, the most in use at once in the last 30 days, and what may be typed."""
    peak = f"peak of {DAYS_OF_PEAK} days {peak_of(licence):,}"
    now = f"{licence.seats:,} now"
    if given := on_top(licence):
        now = f"{licence.seats - given.number:,} ordered, {given.number:,} more until {given.until}"
    return f"{now}, {peak}. {SeatsField().help_text}"


def peak_of(licence: Licence) -> int:
    """How many were in use at once at most."""
    one = [licence]
    peaks = Peaks(licence.account, one, days=DAYS_OF_PEAK, began=first_use(one))
    return peaks.peak_of(licence)


def preview_seats(licence: Licence, *, seats: str, on: dt.date | None = None) -> list[str]:
    """What the new limit means for those who work now and those who come."""
    after = seats_after(licence, seats, on)
    if on is None:
        return [*preview_limit(licence, after), *planned_besides(licence)]
    planned_seats.require_possible(licence, after, on)
    return [
        *taken_away(licence, after, on),
        f"From {weekday(on)}, 00:00 in {licence.account.time_zone}. Until then it changes nothing.",
        what_is_left(licence, after, on),
        *above(licence, after),
        *planned_besides(licence),
        *all_the_same(why_nobody_starts(licence, on)),
    ]


def preview_limit(licence: Licence, seats: int) -> list[str]:
    """The same, for so many seats, at once."""
    if seats == limits.ordered_seats_of(licence):
        raise InvalidOperation(f"{licence} has a user limit of {seats:,} already.")
    told = [*taken_away(licence, seats), what_is_left(licence, seats), *above(licence, seats)]
    return [*told, *all_the_same(why_nobody_starts(licence))]


def taken_away(licence: Licence, seats: int, on: dt.date | None = None) -> list[str]:
    """That the customer has fewer seats then, which who types a minus may not have meant."""
    fewer = planned_seats.limit_before(licence, on) - seats
    return [f"This TAKES {number_of(fewer, 'seat')} AWAY from the customer."] if fewer > 0 else []


def what_is_left(licence: Licence, ordered: int, on: dt.date | None = None) -> str:
    """How many can start then."""
    before, given = planned_seats.limit_before(licence, on), on_top(licence, on)
    in_use, seats = pools.in_use(licence), ordered + (given.number if given else 0)
    told = f"{before:,} to {ordered:,}{f' from {day(on)}' if on else ''}"
    told += f" and {given}" if given else ""
    change = f"{licence}: {told}. In use now {in_use:,}"
    if in_use > seats:
        return (
            f"{change}, so it will be {in_use - seats:,} over. "
            f"No program is closed; no new starts until use falls below {seats:,}."
        )
    if in_use == seats:
        return f"{change}, so it will be full. No program is closed."
    free = number_of(seats - in_use, "seat")
    left = f"{change}, so {free} {'is' if seats - in_use == 1 else 'are'} free then."
    if why_nobody_starts(licence, on):
        return left
    return f"{left}{more_at_once(ordered - before)}"


@dataclasses.dataclass(frozen=True)
class OnTop:
    """Emergency seats: how many, and until when where the account is."""

    number: int
    until: str

    def __str__(self) -> str:
        return f"{number_of(self.number, 'emergency seat')} on top until {self.until}"


def on_top(licence: Licence, on: dt.date | None = None) -> OnTop | None:
    """Those that the licence has now, or still on that day; None if there are none."""
    given = licence.planned_seats.open().emergencies().first()
    if not (given and given.added and given.until):
        return None
    if on and licence.account.local(given.until).date() < on:
        return None
    return OnTop(given.added, moment(given.until, licence.account))


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
    """What else is planned, whatever is done now."""
    return [
        f"Planned besides: {number_of(one.seats or 0, 'seat')} from {weekday(one.on)}."
        for one in licence.planned_seats.open().changes().order_by("on")
    ]


def set_seats(
    licence: Licence, *, by: Actor, reason: str, seats: str, on: dt.date | None = None
) -> str:
    """Change the user limit, now or from a date; return what to tell."""
    after = seats_after(licence, seats, on)
    if on:
        before = planned_seats.limit_before(licence, on)
        planned_seats.plan(licence, after, on=on, by=by, reason=reason)
        return f"{licence}: {number_of(after, 'seat')} from {day(on)}, {before:,} until then."
    changed = licences.set_seats(licence, after, by=by, reason=reason)
    given = on_top(changed)
    limit = f"{after:,} and {given}" if given else f"{after:,}"
    return f"{changed}: user limit {limit}, {pools.in_use(changed):,} in use."


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
