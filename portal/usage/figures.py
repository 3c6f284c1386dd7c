"""The figures of use of a range of days, each counted when it is asked for."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain

from licensing.models import Licence
from licensing.usage import levels
from licensing.usage.groups import Grouping, GroupUse, use_of_groups
from licensing.usage.roll_up import first_use
from licensing.usage.summing import WholeHours, summed
from licensing.usage.values import HOUR, QUARTER, Span
from portal.usage.asked import Range, number_of
from portal.usage.counted import CountedHour, counted_hours, shares_of
from portal.usage.hours import Hours
from portal.usage.limits import Limits
from portal.usage.peaks import Quarter
from portal.usage.people import Person
from portal.usage.sums import Sum, Sums, total_of, whole_hours
from portal.usage.values import Day, Level, WeekHour, minutes
from portal.usage.weeks import Slot, hours_in_week, work_in_week

ENOUGH = 950
"""Thousandths of working time."""
FEW_DAYS = 8
"""So few have no more hours than can be looked at one by one."""


class Figures:
    """The use of some licences in a range. ``only_working``: in working time, not at all times.

    ``began``: from when on each was in use, where that is known already.
    """

    def __init__(
        self,
        licences: Sequence[Licence],
        days: Range,
        *,
        only_working: bool,
        began: Mapping[int, dt.datetime | None] | None = None,
    ) -> None:
        self.licences, self.range, self.only_working = licences, days, only_working
        self.began_at = began
        self.zone = days.working.zone
        self.uses: dict[Grouping, list[GroupUse]] = {}

    @cached_property
    def read(self) -> Hours:
        """The hours of each licence."""
        return Hours(self.licences, self.range.since, self.range.until)

    @cached_property
    def limits(self) -> Limits:
        """How many seats there were, and when."""
        return Limits(self.licences, self.read.known, self.range.working)

    @property
    def seats(self) -> int | None:
        """How many there were as the range ended, of the licences that could be used then."""
        return self.limits.at(self.range.until)

    @property
    def seats_throughout(self) -> int | None:
        """How many there were all the time that is told; None if that changed, or is not known."""
        seats = {day.seats for day in self.days if self.is_told(day.date)}
        return seats.pop() if len(seats) == 1 else None

    @property
    def seats_at_peak(self) -> int | None:
        """How many there were when the most were in use."""
        return self.limits.within(self.highest.start) if self.highest else self.seats_throughout

    @cached_property
    def began(self) -> Mapping[int, dt.datetime | None]:
        """From when on each of the licences was in use, by their ids."""
        return self.began_at or first_use(self.licences)

    @cached_property
    def since(self) -> dt.datetime:
        """From when on time counts as idle or used: not before one of the licences was wanted."""
        first = min(filter(None, self.began.values()), default=self.range.until)
        return min(max(self.range.since, first), self.range.until)

    @property
    def is_used(self) -> bool:
        """Whether the use of any of the licences had begun by the end of the range."""
        return self.since < self.range.until

    @cached_property
    def whole(self) -> WholeHours | None:
        """The hours of a long range that need not be looked at one by one; None of a short one."""
        if self.range.length <= FEW_DAYS:
            return None
        return whole_hours(self.range, self.read.live_since)

    @cached_property
    def each(self) -> list[CountedHour]:
        """The other hours in which anybody was in or was refused, with what of them counts."""
        hours = self.read.together(but=self.whole)
        return list(
            counted_hours(hours, self.range, zone=self.zone, only_working=self.only_working)
        )

    @cached_property
    def sums(self) -> Sums:
        """What all hours come to, as far as they count."""
        sums = Sums()
        if self.whole:
            found = summed(self.licences, self.whole, only_working=self.only_working)
            sums.add_summed(found, self.whole)
        for hour in self.each:
            sums.add(hour)
        return sums

    @cached_property
    def quarters_at_work(self) -> int:
        """How many quarters of working time count."""
        since = number_of(self.since)
        return sum(number >= since for number in self.range.working_quarters)

    @property
    def has_time(self) -> bool:
        """Whether any of the time that is asked for counts."""
        return bool(self.quarters_at_work) if self.only_working else self.is_used

    def counts(self, quarter: dt.datetime) -> bool:
        """Whether a quarter is one that is asked for."""
        if self.only_working:
            return number_of(quarter) in self.range.working_quarters
        return self.range.since <= quarter < self.range.until

    @property
    def quarters(self) -> Iterator[Quarter]:
        """The quarters that are asked for and that lie in hours in which somebody was in."""
        return chain.from_iterable(hour.quarters for hour in self.each)

    @property
    def full_quarters(self) -> set[dt.datetime]:
        """The quarters in which any of the licences was full, its peak at its limit."""
        return {
            hour.start + QUARTER * number
            for _licence, hour in self.read.full()
            for number, level in enumerate(hour.quarters)
            if hour.limit is not None and level >= hour.limit
        }

    @property
    def highest(self) -> Quarter | None:
        """The first quarter of the highest peak."""
        return self.sums.highest

    @property
    def peak(self) -> int:
        return self.highest.level if self.highest else 0

    @cached_property
    def shares(self) -> Mapping[dt.datetime, float]:
        """When the share of the hours that is asked for changes, and what it is from then on."""
        return shares_of(self.range, only_working=self.only_working)

    @property
    def spans(self) -> list[Span[dt.date]]:
        """The time that counts, in order, each piece with its day."""
        return self.range.spans_at_work if self.only_working else self.range.spans_of_days

    @cached_property
    def total(self) -> Sum:
        """What the hours that count come to."""
        return total_of(self.sums.days.values())

    @property
    def seat_seconds(self) -> float:
        """For how long seats were in use, all of them together."""
        return self.total.seat_seconds

    @property
    def seat_hours(self) -> float:
        return round(self.seat_seconds / HOUR.total_seconds(), 1)

    @property
    def full_minutes(self) -> int:
        """For how long a pool was full, all pools together."""
        return minutes(self.total.full_seconds)

    @property
    def true_denials(self) -> int:
        return self.total.true_denials

    @property
    def mean_at_work(self) -> float | None:
        """How many seats were in use on average of working time; None if there was none."""
        if not self.quarters_at_work:
            return None
        seconds = self.quarters_at_work * QUARTER.total_seconds()
        return round(self.sums.seconds_at_work / seconds, 1)

    @cached_property
    def time_at_levels(self) -> levels.TimeAtLevels:
        """Working time by how many seats were in use, each quarter by its peak."""
        found = Counter(self.sums.levels)
        found[0] += self.quarters_at_work - found.total()
        return {level: QUARTER * n for level, n in sorted(found.items()) if n}

    @property
    def levels(self) -> list[Level]:
        """The same with the share of each."""
        times = self.time_at_levels
        whole = levels.total(times)
        return [Level(level, time, time / whole) for level, time in times.items()]

    @property
    def percentile(self) -> int | None:
        """The fewest seats that were enough for 95 % of working time; None if there was none."""
        times = self.time_at_levels
        return levels.percentile(times, ENOUGH) if times else None

    @cached_property
    def days(self) -> list[Day]:
        """Every day of the range that has begun."""
        return [self.day(span) for span in self.range.spans_of_days]

    def day(self, span: Span[dt.date]) -> Day:
        """A day, by its time."""
        date, of = span.value, self.sums.days.get(span.value, Sum())
        peak = of.peak if of.peak or self.is_told(date) else None
        seats = self.limits.at_end_of(span)
        return Day(date, seats, peak, of.full_seconds, of.true_denials)

    def is_told(self, day: dt.date) -> bool:
        """Whether some of a day is asked for and counts."""
        if self.only_working and not self.range.is_working_day(day):
            return False
        return self.is_used and day >= self.first_day

    @property
    def working_days(self) -> list[Day]:
        """Those that count, or some of which does."""
        days = (day for day in self.days if self.range.is_working_day(day.date))
        return [day for day in days if self.is_told(day.date)]

    @property
    def first_day(self) -> dt.date:
        """The day from which on time counts."""
        return self.since.astimezone(self.zone).date()

    @property
    def full_days(self) -> int:
        """On how many of the working days any of the pools was full."""
        return sum(day.is_full for day in self.working_days)

    @cached_property
    def week(self) -> list[list[WeekHour]]:
        """Each day of the week with its 24 hours."""
        times = self.hours_of_week

        def hour_of_week(slot: tuple[int, int]) -> WeekHour:
            if not times.get(slot):
                return WeekHour(*slot, None, None)
            of = self.sums.week.get(slot, Sum())
            mean = of.seat_seconds / HOUR.total_seconds() / times[slot]
            return WeekHour(*slot, round(mean, 1), of.peak)

        return [[hour_of_week((weekday, hour)) for hour in range(24)] for weekday in range(7)]

    @property
    def hours_of_week(self) -> Mapping[Slot, float]:
        """How often each hour of the week came in the time that counts."""
        if self.only_working:
            return work_in_week(self.range, self.since)
        return hours_in_week(self.since, self.range.until, self.zone)

    @cached_property
    def people(self) -> list[Person]:
        """Who held a seat in the time that is asked for, the longest first."""
        of_days = sum(day >= self.first_day for day in self.range.days)
        used = sorted(self.used_by(Grouping.PERSON), key=lambda use: (-use.seconds, use.key))
        return [
            Person(use.label, use.seconds, use.days, use.last_at, of_days)
            for use in used
            if use.days
        ]

    def used_by(self, by: Grouping) -> list[GroupUse]:
        """What each group used in the time that is asked for, read once."""
        if by not in self.uses:
            self.uses[by] = use_of_groups(by, self.licences, self.spans, self.shares)
        return self.uses[by]

    @property
    def before(self) -> Figures:
        """The same of the days before."""
        days, only_working = self.range.before, self.only_working
        return Figures(self.licences, days, only_working=only_working, began=self.began)
