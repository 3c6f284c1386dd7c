"""When reports are sent, and of which days they tell: all by the account's clocks."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from portal.models import Every

AT = dt.time(8)
DAY = dt.timedelta(days=1)


def next_day(every: Every, now: dt.datetime, zone: ZoneInfo) -> dt.date:
    """The first Monday, or first of a month, whose eight o'clock is still to come there."""
    here = now.astimezone(zone)
    day = here.date() if here.time() < AT else here.date() + DAY
    if every == Every.WEEK:
        return day + DAY * (-day.weekday() % 7)
    return day if day.day == 1 else first_of_next_month(day)


def first_of_next_month(day: dt.date) -> dt.date:
    """The day on which the month after that of a day begins."""
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def moment_of(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """Eight o'clock there, whatever the clocks did the day before."""
    return dt.datetime.combine(day, AT, tzinfo=zone)


def days_before(every: Every, now: dt.datetime, zone: ZoneInfo) -> tuple[dt.date, dt.date]:
    """The first and the last day of the last whole week, or month, that is over there."""
    today = now.astimezone(zone).date()
    if every == Every.WEEK:
        monday = today - DAY * today.weekday()
        return monday - 7 * DAY, monday - DAY
    last = today.replace(day=1) - DAY
    return last.replace(day=1), last
