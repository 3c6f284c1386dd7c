"""The right size, and how it is found."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing.models import Account
from licensing.usage.demand import demand
from licensing.usage.sizes import Advice, TooEarly, advise
from licensing.usage.values import Denial, Hold
from licensing.usage.working_time import of_account

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
MONDAY = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
AT_WORK = of_account(Account())


def at_work(
    person: str, *, days: int, hours: float = 12, every: int = 1, first: int = 0, late: int = 0
) -> list[Hold]:
    """Holds from seven o'clock on, or ``late``, for so many hours of every so many days."""
    opens = [MONDAY + day * DAY + (7 + late) * HOUR for day in range(first, days, every)]
    return [Hold(start, start + hours * HOUR, person, "pc") for start in opens]


def once_late(person: str, hours: int) -> list[Hold]:
    """Six minutes on one day, begun so many hours after the others."""
    return at_work(person, days=2, hours=0.1, first=1, late=hours)


def advice(*holds: list[Hold], denials=(), days: int = 28, used_for: int | None = None):
    held = sorted(hold for some in holds for hold in some)
    until = MONDAY + days * DAY
    used_since = until - (used_for or days) * DAY
    return advise(demand(held, denials), AT_WORK, MONDAY, until, used_since=used_since)


def test_as_many_as_are_wanted_at_once():
    assert advice(at_work("ann", days=28), at_work("ben", days=28)) == Advice(
        seats=2, covered=1.0, most=2, days_short=0, refused_people=0
    )


def test_one_who_is_seldom_there_and_alone_need_not_be_provided_for():
    """Twenty working days of twelve hours are 240; half a percent of them are 1.2."""
    seldom = at_work("ben", days=28, hours=0.6, every=14)

    assert advice(at_work("ann", days=28), seldom) == Advice(
        seats=1, covered=1 - 1.2 / 240, most=2, days_short=2, refused_people=1
    )


def test_more_than_half_a_percent_of_working_time_is_too_much():
    often = at_work("ben", days=28, hours=0.61, every=14)

    assert advice(at_work("ann", days=28), often).seats == 2


def test_time_before_the_first_use_is_not_idle_working_time():
    often = at_work("ben", days=56, hours=0.61, every=14, first=28)

    found = advice(at_work("ann", days=56, first=28), often, days=56, used_for=28)

    assert found.seats == 2


def test_two_people_a_month_are_too_many():
    once = [
        at_work(name, days=2, hours=0.1, first=1, late=n) for n, name in ((1, "ben"), (2, "cay"))
    ]

    assert advice(at_work("ann", days=28), *once).seats == 2


def test_two_people_in_two_months_are_not():
    once = [
        at_work(name, days=2, hours=0.1, first=1, late=n) for n, name in ((1, "ben"), (2, "cay"))
    ]

    assert advice(at_work("ann", days=60), *once, days=60).seats == 1


def test_somebody_who_waited_in_vain_was_wanting_a_seat():
    noon = MONDAY + 12 * HOUR
    refused = [Denial(noon + n * DAY, noon + n * DAY, "ben", "pc") for n in range(28)]

    assert advice(at_work("ann", days=28), denials=refused).seats == 2


def test_who_works_at_night_counts_as_a_person_refused():
    nights = [
        Hold(MONDAY + day * DAY, MONDAY + day * DAY + HOUR, f"guard {day % 2 + n}", "pc")
        for day in range(28)
        for n in (0, 2)
    ]

    assert advice(nights).seats == 2


def test_nobody_needs_no_seat():
    assert advice() == Advice(seats=0, covered=1.0, most=0, days_short=0, refused_people=0)


@pytest.mark.parametrize(("used_for", "days_to_go"), [(17, 11), (0.5, 28), (27.5, 1)])
def test_four_weeks_of_use_are_needed(used_for, days_to_go):
    assert advice(at_work("ann", days=28), used_for=used_for) == TooEarly(days_to_go)
