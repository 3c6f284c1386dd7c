"""When reports are due, on the account's clocks."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from portal.models import Every
from portal.reports import periods

LONDON, KIRITIMATI = ZoneInfo("Europe/London"), ZoneInfo("Pacific/Kiritimati")


def utc(text):
    return dt.datetime.fromisoformat(f"{text}+00:00")


def due(every, now, zone=LONDON):
    """When a report is next mailed, after a moment."""
    return periods.moment_of(periods.next_day(every, utc(now), zone), zone).astimezone(dt.UTC)


def test_are_due_at_eight_on_mondays_and_firsts_whatever_the_clocks_do():
    week, month = Every.WEEK, Every.MONTH
    for every, now, zone, expected in (
        (week, "2026-10-19T06:59", LONDON, "2026-10-19T07:00"),  # summer time
        (week, "2026-10-19T07:00", LONDON, "2026-10-26T08:00"),  # past the change
        (week, "2027-03-22T08:00", LONDON, "2027-03-29T07:00"),  # and back
        (week, "2026-11-29T17:00", KIRITIMATI, "2026-11-29T18:00"),  # Monday there
        (month, "2026-11-01T07:59", LONDON, "2026-11-01T08:00"),
        (month, "2026-12-31T23:59", LONDON, "2027-01-01T08:00"),
        (month, "2027-01-31T12:00", LONDON, "2027-02-01T08:00"),
        (month, "2026-10-31T18:00", KIRITIMATI, "2026-11-30T18:00"),
    ):
        assert due(every, now, zone) == utc(expected), (every, now)


def test_tell_of_the_last_whole_week_or_month():
    monday, first = utc("2026-11-30T08:00"), utc("2027-03-01T08:00")

    week = periods.days_before(Every.WEEK, monday, LONDON)
    month = periods.days_before(Every.MONTH, first, LONDON)

    assert list(map(str, week)) == ["2026-11-23", "2026-11-29"]
    assert list(map(str, month)) == ["2027-02-01", "2027-02-28"]
    late = periods.days_before(Every.WEEK, utc("2026-12-03T12:00"), LONDON)
    assert late == week
