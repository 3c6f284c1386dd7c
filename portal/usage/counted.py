"""The hours of a range in which there was use, and which of their quarters count."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import NamedTuple

from django.utils import timezone

from licensing.usage.values import HOUR, QUARTER, end_of_hour, hour_of
from portal.usage.asked import Range, number_of, starts
from portal.usage.hours import Use
from portal.usage.peaks import Quarter

WHOLE = (True,) * (HOUR // QUARTER)


class CountedHour(NamedTuple):
    """An hour in which anybody was in or was refused, and ``local``, what clocks show as it begins.

    ``counted`` says of each of its quarters that has begun whether it is asked for, ``at_work``
    whether it is working time. ``level`` is the peak of those that are asked for.
    """

    start: dt.datetime
    local: dt.datetime
    use: Use
    counted: Sequence[bool]
    at_work: Sequence[bool]
    level: int

    @property
    def share(self) -> float:
        """How much of it counts; a part only where a zone is half an hour off, or work begins."""
        return share_of(self.counted)

    @property
    def share_at_work(self) -> float:
        return share_of(self.at_work)

    @property
    def quarters(self) -> Iterator[Quarter]:
        """Those that count."""
        for number, level in enumerate(self.use.quarters[: len(self.counted)]):
            if self.counted[number]:
                yield Quarter(self.start + QUARTER * number, level)

    @property
    def levels_of_dates(self) -> Iterable[tuple[dt.date, int]]:
        """The peaks of what counts of it, by the day there; two where it is midnight within it."""
        if not self.local.minute:
            return [(self.local.date(), self.level)]
        zone = self.local.tzinfo
        return [(quarter.start.astimezone(zone).date(), quarter.level) for quarter in self.quarters]


def share_of(quarters: Sequence[bool]) -> float:
    """How many of the quarters do."""
    return sum(quarters) / max(len(quarters), 1)


def counted_hours(
    hours: Mapping[dt.datetime, Use], days: Range, *, zone: zoneinfo.ZoneInfo, only_working: bool
) -> Iterator[CountedHour]:
    """These hours, in their order: each is looked at once for all figures."""
    for start, use in hours.items():
        begun = begun_of(start, days.until)
        at_work = working(begun, days)
        counted = at_work if only_working else within(start, begun, days)
        level = max(compress(use.quarters, counted), default=0)
        yield CountedHour(start, start.astimezone(zone), use, counted, at_work, level)


def share_at(start: dt.datetime, days: Range, *, only_working: bool) -> float:
    """How much of an hour, as far as it has begun, counts."""
    begun = begun_of(start, days.until)
    return share_of(working(begun, days) if only_working else within(start, begun, days))


def shares_of(days: Range, *, only_working: bool) -> dict[dt.datetime, float]:
    """When the share of the hours that counts changes, and what it is from then on, in order.

    Within a time that counts only its first hour and its last can count in part.
    """
    changes: dict[dt.datetime, float] = {}
    for since, until, *_ in days.spans_at_work if only_working else [(days.since, days.until)]:
        first, last = hour_of(since), end_of_hour(until) - HOUR
        changes |= {first + HOUR: 1.0} if first < last else {}
        for hour in (first, last):
            changes[hour] = share_at(hour, days, only_working=only_working)
        changes[last + HOUR] = 0.0
    return changes


def working(begun: Iterable[int], days: Range) -> Sequence[bool]:
    """Which of these quarters are working time."""
    return [number in days.working_quarters for number in begun]


def begun_of(start: dt.datetime, until: dt.datetime) -> range:
    """The numbers of an hour's quarters that have begun."""
    first = number_of(start)
    if start + HOUR <= until:
        return range(first, first + len(WHOLE))
    return range(first, first + len(starts(start, min(start + HOUR, timezone.now()))))


def within(start: dt.datetime, begun: Collection[int], days: Range) -> Sequence[bool]:
    """Which of an hour's quarters are in the range."""
    if days.since <= start and start + HOUR <= days.until:
        return WHOLE
    last = number_of(days.until - dt.datetime.resolution)
    return [number_of(days.since) <= number <= last for number in begun]
