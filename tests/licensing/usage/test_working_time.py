"""Working time, across the changes of the clocks."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given

from licensing.models import Account
from licensing.usage.working_time import WorkingTime, of_account
from tests.licensing.usage import replay
from tests.licensing.usage.histories import MINUTE, histories

HOUR = dt.timedelta(hours=1)
EVERY_DAY = range(7)


def hours_of(zone: str, day: str, opens: float = 0, closes: float = 24) -> float:
    """How many hours of working time a day has there."""
    working = WorkingTime(zoneinfo.ZoneInfo(zone), opens * HOUR, closes * HOUR, EVERY_DAY)
    noon = dt.datetime.fromisoformat(f"{day}T12:00Z")
    spans = working.spans(noon - 48 * HOUR, noon + 48 * HOUR)
    of_day = [span for span in spans if span.value == dt.date.fromisoformat(day)]
    return sum((span.end - span.start for span in of_day), dt.timedelta()) / HOUR


@pytest.mark.slow
@given(histories())
def test_equals_a_look_at_the_clock_each_minute(history):
    spans = history.working.spans(history.since, history.until)

    found = [at for span in spans for at in replay.every_minute(span.start, span.end)]

    every = replay.every_minute(history.since, history.until)
    assert found == [at for at in every if replay.is_working(history.working, at)]


@pytest.mark.parametrize(
    ("zone", "day", "opens", "closes", "hours"),
    [
        ("Europe/London", "2026-11-27", 7, 19, 12),
        ("Europe/London", "2026-03-29", 0, 24, 23),
        ("Europe/London", "2026-10-25", 0, 24, 25),
        ("Europe/London", "2026-10-25", 1, 2, 2),  # shown twice
        ("Europe/London", "2026-03-29", 1, 2, 0),  # skipped
        ("Europe/London", "2026-10-25", 1.5, 1.75, 0.5),  # twice, not in one piece
        ("Australia/Lord_Howe", "2026-04-05", 0, 24, 24.5),
        ("Africa/Cairo", "2026-04-24", 0, 24, 23),  # no midnight
        ("Pacific/Apia", "2011-12-30", 0, 24, 0),  # no such day
    ],
)
def test_hours_of_a_day(zone, day, opens, closes, hours):
    assert hours_of(zone, day, opens, closes) == hours


def test_is_monday_to_friday_from_seven_to_seven_at_first():
    working = of_account(Account())
    monday = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)

    spans = list(working.spans(monday, monday + dt.timedelta(days=7)))

    assert [span.value.isoweekday() for span in spans] == [1, 2, 3, 4, 5]
    assert {(span.start.hour, span.end.hour) for span in spans} == {(6, 18)}  # of UTC, in summer


def test_begins_and_ends_with_the_range():
    working = of_account(Account())
    noon = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)

    (span,) = working.spans(noon, noon + MINUTE)

    assert (span.start, span.end) == (noon, noon + MINUTE)
