"""Working time: an account's hours of work, by its own clocks."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from licensing.models import Account
from licensing.usage.values import Span

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """From ``opens`` until ``closes``, counted from midnight, on ``days`` (Monday is 0).

    The clocks on the wall decide: an hour that they show twice counts twice, one that they
    skip does not exist.
    """

    zone: zoneinfo.ZoneInfo
    opens: dt.timedelta
    closes: dt.timedelta
    days: Collection[int]

    def spans(self, since: dt.datetime, until: dt.datetime) -> Iterator[Span[dt.date]]:
        """The working time in a range, in order, each piece with its day there."""
        for day in self.days_of(since, until):
            if day.weekday() not in self.days:
                continue
            for stretch in stretches(day, self.zone):
                start = max(stretch.at(self.opens), stretch.start, since)
                end = min(stretch.at(self.closes), stretch.end, until)
                if start < end:
                    yield Span(start, end, day)

    def days_of(self, since: dt.datetime, until: dt.datetime) -> Iterator[dt.date]:
        """The days that the range touches there."""
        first, last = (moment.astimezone(self.zone).date() for moment in (since, until))
        for number in range((last - first).days + 1):
            yield first + number * DAY


@dataclass(frozen=True, slots=True)
class Stretch:
    """A day, or the part of one in which the clocks were not changed.

    ``midnight`` is when they would have shown it, had they always gone as they go here.
    """

    start: dt.datetime
    end: dt.datetime
    midnight: dt.datetime

    def at(self, time: dt.timedelta) -> dt.datetime:
        """When the clocks show so long after midnight; it may lie outside the stretch."""
        return self.midnight + time


def stretches(day: dt.date, zone: zoneinfo.ZoneInfo) -> Iterator[Stretch]:
    """The parts of a day there: one, or two when the clocks are changed on it."""
    start, end = midnight(day, zone), midnight(day + DAY, zone)
    change = next_change(start, end, zone)
    for first, last in ((start, change), (change, end)):
        if first < last:
            there = first.astimezone(zone).replace(tzinfo=None)
            shown = there - dt.datetime.combine(day, dt.time())
            yield Stretch(first, last, first - shown)


def midnight(day: dt.date, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """When a day begins there, in UTC."""
    return dt.datetime.combine(day, dt.time(), tzinfo=zone).astimezone(dt.UTC)


def next_change(start: dt.datetime, end: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """When between two moments the clocks there are changed, or the second one if never."""

    def is_changed(seconds: int) -> bool:
        return offset(start + dt.timedelta(seconds=seconds), zone) != offset(start, zone)

    seconds = range(int((end - start).total_seconds()))
    if not seconds or not is_changed(seconds[-1]):
        return end
    return start + dt.timedelta(seconds=bisect_left(seconds, True, key=is_changed))


def offset(moment: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.timedelta | None:
    """How far the clocks there are ahead of UTC."""
    return moment.astimezone(zone).utcoffset()


def of_account(account: Account) -> WorkingTime:
    """An account's hours of work, as its owners have set them."""
    opens, closes = since_midnight(account.works_from), since_midnight(account.works_until)
    return WorkingTime(zone_of(account), opens, closes or DAY, tuple(account.works_on))


def since_midnight(time: dt.time) -> dt.timedelta:
    """How long after midnight clocks show a time."""
    return dt.timedelta(hours=time.hour, minutes=time.minute)


def zone_of(account: Account) -> zoneinfo.ZoneInfo:
    """Where an account's clocks are."""
    return zoneinfo.ZoneInfo(account.time_zone)
