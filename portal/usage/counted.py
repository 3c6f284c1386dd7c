"""The hours of a range in which there was use, and which of their quarters count."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import NamedTuple

from django.utils import timezone

from licensing.usage.values import HOUR, QUARTER
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


def share_in(start: dt.datetime, days: Range) -> float:
    """How much of an hour, as far as it has begun, lies in a range."""
    return share_of(within(start, begun_of(start, days.until), days))


def share_of(quarters: Sequence[bool]) -> float:
    """How many of the quarters do."""
    return sum(quarters) / max(len(quarters), 1)


def counted_hours(
    hours: Mapping[dt.datetime, Use], days: Range, *, zone: zoneinfo.ZoneInfo, only_working: bool
) -> Iterator[CountedHour]:
    """These hours, in their order. A year has thousands: each is looked at once for all figures."""
    for start, use in hours.items():
        begun = begun_of(start, days.until)
        at_work = [number in days.working_quarters for number in begun]
        counted = at_work if only_working else within(start, begun, days)
        level = max(compress(use.quarters, counted), default=0)
        yield CountedHour(start, start.astimezone(zone), use, counted, at_work, level)


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


def slot_of(moment: dt.datetime) -> tuple[int, int]:
    """The day of the week and the hour, as the clocks show them."""
    return moment.weekday(), moment.hour
