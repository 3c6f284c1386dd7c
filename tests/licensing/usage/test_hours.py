"""What is counted of each hour."""

from __future__ import annotations

import datetime as dt
import tracemalloc

import pytest
from hypothesis import given

from licensing.models.denials import DenialClass
from licensing.usage.sweep import Hour, hours
from licensing.usage.values import HOUR, Denial, Hold, Limit, hour_of
from tests.licensing.usage import replay
from tests.licensing.usage.histories import histories, minutes

TEN = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)


def hold(since: int, until: int, person: str = "ann", machine: str = "pc-1") -> Hold:
    """A hold, in minutes from ten o'clock."""
    return Hold(TEN + minutes(since), TEN + minutes(until), person, machine)


@pytest.mark.slow
@given(histories())
def test_equal_a_replay_minute_by_minute(history):
    found = list(hours(*history.facts, history.since, history.until))

    expected = [replay.hour(history, told.start) for told in found]
    assert [{name: getattr(told, name) for name in expected[0]} for told in found] == expected
    assert found[0].start == hour_of(history.since)
    assert found[-1].start < history.until <= found[-1].start + HOUR


def test_somebody_who_follows_at_the_same_moment_makes_no_peak():
    (told,) = hours([hold(0, 30), hold(30, 60, "ben")], [Limit(TEN, 1)], [], TEN, TEN + HOUR)

    assert told == Hour(
        TEN, quarters=(1, 1, 1, 1), seat_seconds=3600, seconds_at_limit=3600, limit=1,
        people=2, machines=1, refusals={},
    )  # fmt: skip


def test_limit_is_the_one_in_force_as_the_hour_ends():
    limits = [Limit(TEN - HOUR, 8), Limit(TEN + minutes(59), 10), Limit(TEN + HOUR, 12)]

    assert [told.limit for told in hours([], limits, [], TEN, TEN + 2 * HOUR)] == [10, 12]


def test_before_the_first_limit_nobody_is_at_it():
    (told,) = hours([hold(0, 60)], [], [], TEN, TEN + HOUR)

    assert (told.limit, told.seconds_at_limit) == (None, 0)


def test_true_denials_are_told_from_other_refusals():
    refused = [
        Denial(TEN + minutes(n), TEN + minutes(n), "ann", "pc-1", kind=kind)
        for n, kind in enumerate([DenialClass.TRUE, DenialClass.KEY, DenialClass.TRUE])
    ]

    (told,) = hours([], [], refused, TEN, TEN + HOUR)

    assert told.true_denials == 2
    assert told.refusals == {DenialClass.TRUE: 2, DenialClass.KEY: 1}


def test_memory_does_not_grow_with_the_range():
    def peak_of(days: int) -> int:
        tracemalloc.start()
        held = (hold(n, n + 40, f"person {n}") for n in range(0, days * 24 * 60, 20))
        assert sum(told.people for told in hours(held, [], [], TEN, TEN + days * 24 * HOUR))
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    peak_of(1)
    assert peak_of(60) < 1.5 * peak_of(6)
