"""Time at each number of seats, in all of the time or in working time; the strip of quarters."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.usage import levels
from licensing.usage.demand import demand
from licensing.usage.sweep import overlaps, peaks, steps, time_at_limit
from licensing.usage.values import QUARTER, limit_spans, slots
from tests.licensing.usage import replay
from tests.licensing.usage.histories import MINUTE, histories


def in_minutes(times: levels.TimeAtLevels) -> dict[int, float]:
    return {level: time / MINUTE for level, time in times.items()}


@pytest.mark.slow
@given(histories())
def test_equal_a_replay(history):
    """Time at each level in working hours, the strip of quarters, and the time without a seat."""
    held = list(steps(history.holds, history.since, history.until))
    at_work = overlaps(held, history.working.spans(history.since, history.until))
    times = levels.time_at_levels(step for step, _day in at_work)
    strip = peaks(held, list(slots(history.since, history.until, QUARTER)))
    full = time_at_limit(held, limit_spans(history.limits, history.until))

    every = replay.every_minute(history.since, history.until)
    then = {at: replay.level(history.holds, at) for at in every}
    working = [then[at] for at in every if replay.is_working(history.working, at)]
    of_each = list(then.values())
    told = (in_minutes(times), levels.mean(times), list(strip), full / MINUTE)
    assert told == (
        {level: working.count(level) for level in set(working)},
        sum(working) / len(working) if working else 0,
        [max(of_each[n : n + 15]) for n in range(0, len(of_each), 15)],
        sum(replay.is_full_at(level, history.limits, at) for at, level in then.items()),
    )


@pytest.mark.slow
@given(histories())
def test_demand_equals_a_replay(history):
    wants = demand(history.holds, history.denials)

    times = levels.time_at_levels(steps(wants, history.since, history.until))

    expected = replay.demand(history)
    assert in_minutes(times) == {level: expected.count(level) for level in set(expected)}


@given(st.lists(st.integers(0, 6), min_size=1, max_size=50), st.integers(0, 1000))
def test_percentile_is_the_first_level_that_is_enough_for_long_enough(minutes, thousandths):
    times = {level: minutes.count(level) * MINUTE for level in sorted(set(minutes))}

    enough = [
        level
        for level in sorted(set(minutes))
        if sum(minute <= level for minute in minutes) * 1000 >= thousandths * len(minutes)
    ]
    assert levels.percentile(times, thousandths) == enough[0]


def test_no_time_has_neither_mean_nor_percentile():
    assert (levels.mean({}), levels.percentile({}, 950)) == (0, 0)


def test_a_span_of_no_step_is_left_out():
    at = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)

    assert list(overlaps([], slots(at, at + QUARTER, QUARTER))) == []
