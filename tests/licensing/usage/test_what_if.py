"""Whom another number of seats would have refused."""

from __future__ import annotations

import datetime as dt
import time
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.models.denials import DenialClass
from licensing.usage.demand import demand
from licensing.usage.sizes import WhatIf, tries, what_if
from licensing.usage.values import Denial, Hold
from tests.licensing.usage import replay
from tests.licensing.usage.histories import histories, minutes

NINE = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
LONDON = zoneinfo.ZoneInfo("Europe/London")


def hold(person: str, since: int, until: int) -> Hold:
    """A hold, in minutes from nine o'clock."""
    return Hold(NINE + minutes(since), NINE + minutes(until), person, f"{person}'s PC")


def denial(person: str, first: int, last: int, *, served: int | None = None, kind="true") -> Denial:
    seat_at = None if served is None else NINE + minutes(served)
    return Denial(
        NINE + minutes(first), NINE + minutes(last), person, f"{person}'s PC", seat_at, kind
    )


def asked(holds=(), denials=(), *, seats: int, days: int = 1) -> tuple[int, int]:
    """How many people would have been refused, and on how many days."""
    range_ = NINE, NINE + dt.timedelta(days=days)
    found = what_if(tries(demand(holds, denials), *range_), seats=seats, zone=LONDON)
    return found.refused_people, found.refused_days


@pytest.mark.slow
@given(histories(), st.integers(0, 6))
def test_equals_a_replay_minute_by_minute(history, seats):
    wants = demand(history.holds, history.denials)

    found = what_if(
        tries(wants, history.since, history.until), seats=seats, zone=history.working.zone
    )

    assert found == WhatIf(seats, *replay.what_if(history, seats))


@pytest.mark.slow
@given(histories())
def test_more_seats_never_refuse_more_people(history):
    wanted = tries(demand(history.holds, history.denials), history.since, history.until)

    refused = [what_if(wanted, seats=seats, zone=LONDON).refused_people for seats in range(8)]

    assert refused == sorted(refused, reverse=True)


def test_seats_that_there_were_refuse_those_who_were_refused():
    held = [hold("ann", 0, 60), hold("ben", 10, 90), hold("cay", 65, 100)]
    refused = [denial("cay", 20, 24, served=65), denial("dan", 30, 30)]

    assert asked(held, refused, seats=2) == (2, 1)


def test_one_more_seat_serves_one_of_them():
    held = [hold("ann", 0, 60), hold("ben", 10, 90), hold("cay", 65, 100)]
    refused = [denial("cay", 20, 24, served=65), denial("dan", 30, 30)]

    assert asked(held, refused, seats=3) == (1, 1)


def test_one_fewer_refuses_somebody_who_got_in():
    assert asked([hold("ann", 0, 60), hold("ben", 10, 90)], seats=1) == (1, 1)


def test_refusals_go_on_growing_where_everybody_is_refused_some_time():
    held = [
        hold(person, start, start + 20)
        for start in (0, 60, 120)
        for person in ("ann", "ben", "cay", "dan")[start // 60 :] + ("ann", "ben")[: start // 60]
    ]
    wanted = tries(demand(held, []), NINE, NINE + dt.timedelta(days=1))

    found = [what_if(wanted, seats=seats, zone=LONDON) for seats in (1, 2)]

    assert [(one.refused_people, one.refusals) for one in found] == [(4, 9), (4, 6)]


def test_a_refused_person_tries_again_and_gets_in_within_ten_minutes():
    held = [hold("ann", 0, 25), hold("ben", 0, 60)]

    assert asked(held, [denial("cay", 20, 28, kind="true")], seats=2) == (0, 0)


def test_the_same_person_is_one_on_each_of_two_days():
    held = [hold("ann", 0, 3000)]
    refused = [denial("cay", 10, 10), denial("cay", 1500, 1500)]

    assert asked(held, refused, seats=1, days=3) == (1, 2)


def test_further_tries_belong_to_the_day_that_they_began_on():
    midnight = 15 * 60  # from nine o'clock, in London's winter
    refused = [
        denial("cay", midnight - 5, midnight - 1),
        denial("cay", midnight + 4, midnight + 8, kind=DenialClass.REPEAT),
    ]

    assert asked([hold("ann", 0, 3000)], refused, seats=1, days=3) == (1, 1)


@pytest.mark.parametrize("kind", [DenialClass.KEY, DenialClass.POLICY, DenialClass.ENTITLEMENT])
def test_seats_do_not_help_against_other_refusals(kind):
    assert asked([], [denial("cay", 0, 0, kind=kind)], seats=0) == (0, 0)


def test_no_seats_refuse_everybody_and_very_many_nobody_at_once():
    held = [hold(f"person {n}", n % 800, n % 800 + 60) for n in range(5000)]
    started = time.process_time()

    assert asked(held, seats=0) == (5000, 1)
    assert asked(held, seats=10**9) == (0, 0)
    assert time.process_time() - started < 1


def test_whoever_is_in_as_the_range_begins_needs_a_seat():
    assert asked([hold("ann", -500, 60), hold("ben", -400, 60)], seats=1) == (1, 1)


def test_they_are_refused_on_the_first_day_of_the_range():
    held = [hold(person, -3000, 60) for person in ("ann", "ben", "cay")]

    assert asked([*held, hold("dan", 0, 60)], seats=0) == (4, 1)


def test_somebody_who_follows_at_the_same_moment_gets_the_seat():
    assert asked([hold("ann", 0, 60), hold("ben", 60, 90)], seats=1) == (0, 0)


def test_a_seat_after_exactly_ten_minutes_is_soon_enough():
    held = [hold("ann", 0, 15), hold("ben", 5, 10), hold("ben", 15, 20)]

    assert asked(held, seats=1) == (0, 0)


def test_a_try_after_exactly_ten_minutes_is_another_refusal():
    midnight = 15 * 60  # from nine o'clock, in London's winter
    held = [hold("ann", 0, 3000)]
    held += [hold("ben", midnight - 5, midnight + 2), hold("ben", midnight + 5, midnight + 6)]

    assert asked(held, seats=1, days=3) == (1, 2)
