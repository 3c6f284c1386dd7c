"""What the hours that count come to: on each day, in each hour of the week, at each level."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, compress

from licensing.usage.summing import Summed, WholeHours
from licensing.usage.values import HOUR, QUARTER, Span, end_of_hour, hour_of, slots
from licensing.usage.working_time import DAY
from portal.usage.asked import Range, numbers
from portal.usage.counted import CountedHour
from portal.usage.peaks import Quarter
from portal.usage.weeks import Slot, slot_of

EPOCH = dt.datetime.fromtimestamp(0, dt.UTC)


@dataclass(slots=True)
class Sum:
    """Of the hours of a day, or of one hour of the week: their peak, and what is added up."""

    peak: int = 0
    seat_seconds: float = 0.0
    full_seconds: float = 0.0
    true_denials: int = 0

    def add(self, peak: int, seconds: float, full: float = 0.0, denials: int = 0) -> None:
        """Add some of these hours."""
        self.peak = max(self.peak, peak)
        self.seat_seconds += seconds
        self.full_seconds += full
        self.true_denials += denials


def total_of(sums: Iterable[Sum]) -> Sum:
    """All of them together."""
    total = Sum()
    for one in sums:
        total.add(one.peak, one.seat_seconds, one.full_seconds, one.true_denials)
    return total


class Sums:
    """The sums of hours that are added one by one, or many at once that are added up already."""

    def __init__(self) -> None:
        self.days: defaultdict[dt.date, Sum] = defaultdict(Sum)
        self.week: defaultdict[Slot, Sum] = defaultdict(Sum)
        self.levels: Counter[int] = Counter()
        self.seconds_at_work = 0.0
        self.highest: Quarter | None = None

    def add(self, hour: CountedHour) -> None:
        """Add an hour, as far as it counts."""
        use, share = hour.use, hour.share
        self.levels.update(compress(use.quarters, hour.at_work))
        self.seconds_at_work += use.seat_seconds * hour.share_at_work
        if not share:
            return
        seconds = use.seat_seconds * share
        self.days[hour.local.date()].add(0, seconds, use.full_seconds * share, use.true_denials)
        for date, level in hour.levels_of_dates:
            self.days[date].add(level, 0.0)
        self.week[slot_of(hour.local)].add(hour.level, seconds)
        if hour.level:
            self.rise_to(next(of for of in hour.quarters if of.level == hour.level))

    def add_summed(self, found: Summed, hours: WholeHours) -> None:
        """Add whole hours."""
        for day in found.days:
            self.days[hours.days[day.number].value].add(*day[1:])
        for of in found.week:
            self.week[of.weekday, of.hour].add(of.peak, of.seat_seconds)
        self.levels.update(found.levels)
        self.seconds_at_work += found.seconds_at_work
        if found.highest and found.quarters:
            level = max(found.quarters)
            start = found.highest + QUARTER * found.quarters.index(level)
            self.rise_to(Quarter(start, level))

    def rise_to(self, quarter: Quarter) -> None:
        """The highest peak is that of this quarter, unless there was one as high before it."""
        highest = self.highest
        if not highest or (-quarter.level, quarter.start) < (-highest.level, highest.start):
            self.highest = quarter


def whole_hours(days: Range, until: dt.datetime) -> WholeHours:
    """The hours of a range up to a moment, without those in which a day or work begins or ends."""
    since, work = hour_of(days.since), [in_quarters(span) for span in days.spans_at_work]
    ends = chain.from_iterable(span[:2] for span in (*days.spans_of_days, *work))
    odd = {hour_of(moment) for moment in ends if moment != hour_of(moment)}
    odd |= set(chain.from_iterable(map(hours_of_change, days.spans_of_days)))
    whole = [Span(end_of_hour(span.start), hour_of(span.end), span.value) for span in work]
    return WholeHours(since, max(since, until), days.spans_of_days, whole, odd)


def in_quarters(span: Span[dt.date]) -> Span[dt.date]:
    """The quarters of an hour that a time touches, as working time counts them."""
    quarters = numbers(span.start, span.end)
    return Span(EPOCH + QUARTER * quarters.start, EPOCH + QUARTER * quarters.stop, span.value)


def hours_of_change(day: Span[dt.date]) -> Iterator[dt.datetime]:
    """The hours of a day on which the clocks were changed; none of any other."""
    if day.end - day.start != DAY:
        yield from (slot.start for slot in slots(hour_of(day.start), day.end, HOUR))
