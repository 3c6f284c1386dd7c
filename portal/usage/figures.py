"""The figures of use of a range of days, each counted when it is asked for."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, compress
from operator import attrgetter

from licensing.models import Licence
from licensing.usage import levels
from licensing.usage.groups import Grouping, GroupUse, use_of_groups
from licensing.usage.roll_up import first_use
from licensing.usage.values import HOUR, QUARTER, Span
from licensing.usage.working_time import DAY, midnight
from portal.usage.asked import Range, number_of
from portal.usage.counted import CountedHour, counted_hours, slot_of
from portal.usage.hours import Hours, Use
from portal.usage.peaks import Quarter
from portal.usage.people import Person
from portal.usage.values import Day, Level, WeekHour, minutes

ENOUGH = 950
"""Thousandths of working time."""


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
    def hours(self) -> dict[dt.datetime, Use]:
        """Those in which anybody was in or was refused, of all licences together."""
        return self.read.together()

    def seats_at(self, moment: dt.datetime) -> int | None:
        """How many seats there were just before a moment, of all licences; None: not known."""
        seats = [
            self.read.known[licence.pk].seats_before(moment)
            for licence in self.licences
            if self.could_be_used(licence, moment)
        ]
        known = [number for number in seats if number is not None]
        return sum(known) if known else None

    def could_be_used(self, licence: Licence, moment: dt.datetime) -> bool:
        """Whether seats could be taken just before a moment; whoever is suspended now, is today."""
        day = (moment - dt.datetime.resolution).astimezone(self.zone).date()
        return licence.is_usable if day >= licence.today else licence.runs_on(day)

    @property
    def seats(self) -> int | None:
        """How many there were as the range ended, of the licences that could be used then."""
        return self.seats_at(self.range.until)

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
    def each(self) -> list[CountedHour]:
        """The hours in which anybody was in or was refused, in order, with what of them counts."""
        return list(
            counted_hours(self.hours, self.range, zone=self.zone, only_working=self.only_working)
        )

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
        found = self.read.first()
        return {
            hour.start + QUARTER * number
            for _licence, hour in found
            for number, level in enumerate(hour.quarters)
            if hour.seconds_at_limit and hour.limit is not None and level >= hour.limit
        }

    @cached_property
    def highest(self) -> Quarter | None:
        """The first quarter of the highest peak."""
        hour = max(self.each, key=attrgetter("level"), default=None)
        if not hour or not hour.level:
            return None
        return next(quarter for quarter in hour.quarters if quarter.level == hour.level)

    @property
    def peak(self) -> int:
        return self.highest.level if self.highest else 0

    @cached_property
    def shares(self) -> Mapping[dt.datetime, float]:
        """How much of each hour is asked for, of those of which anything is."""
        return {hour.start: hour.share for hour in self.each if any(hour.counted)}

    @property
    def spans(self) -> list[Span[dt.date]]:
        """The time that counts, in order, each piece with its day."""
        since, until = self.range.since, self.range.until
        if self.only_working:
            return list(self.range.working.spans(since, until))
        starts = ((midnight(day, self.zone), day) for day in self.range.days)
        return [Span(start, midnight(day + DAY, self.zone), day) for start, day in starts]

    @property
    def seat_seconds(self) -> float:
        """For how long seats were in use, all of them together."""
        return sum(self.hours[at].seat_seconds * share for at, share in self.shares.items())

    @property
    def seat_hours(self) -> float:
        return round(self.seat_seconds / HOUR.total_seconds(), 1)

    @property
    def full_minutes(self) -> int:
        """For how long a pool was full, all pools together."""
        return minutes(
            sum(self.hours[at].full_seconds * share for at, share in self.shares.items())
        )

    @property
    def true_denials(self) -> int:
        return sum(self.hours[start].true_denials for start in self.shares)

    @property
    def mean_at_work(self) -> float | None:
        """How many seats were in use on average of working time; None if there was none."""
        if not self.quarters_at_work:
            return None
        seconds = sum(hour.use.seat_seconds * hour.share_at_work for hour in self.each)
        return round(seconds / (self.quarters_at_work * QUARTER.total_seconds()), 1)

    @cached_property
    def time_at_levels(self) -> levels.TimeAtLevels:
        """Working time by how many seats were in use, each quarter by its peak."""
        at_work = (compress(hour.use.quarters, hour.at_work) for hour in self.each)
        found = Counter(chain.from_iterable(at_work))
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
        days = {
            day: Day(day, self.seats_on(day), 0 if self.is_told(day) else None)
            for day in self.range.days
        }
        for hour in filter(attrgetter("share"), self.each):
            for date, level in hour.levels_of_dates:
                days[date].peak = max(days[date].peak or 0, level)
            if day := days.get(hour.local.date()):
                day.full_seconds += hour.use.full_seconds * hour.share
                day.true_denials += hour.use.true_denials
        return list(days.values())

    def seats_on(self, day: dt.date) -> int | None:
        """How many seats there were as a day ended."""
        return self.seats_at(midnight(day + DAY, self.zone))

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
        seconds: defaultdict[tuple[int, int], float] = defaultdict(float)
        most: Counter[tuple[int, int]] = Counter()
        for hour in self.each:
            slot = slot_of(hour.local)
            seconds[slot] += hour.use.seat_seconds
            most[slot] = max(most[slot], *hour.use.quarters)
        times = self.hours_of_week

        def hour_of_week(slot: tuple[int, int]) -> WeekHour:
            if not times[slot]:
                return WeekHour(*slot, None, None)
            mean = seconds[slot] / HOUR.total_seconds() / times[slot]
            return WeekHour(*slot, round(mean, 1), most[slot])

        return [[hour_of_week((weekday, hour)) for hour in range(24)] for weekday in range(7)]

    @property
    def hours_of_week(self) -> Counter[tuple[int, int]]:
        """How often each hour of the week came in the time that counts."""
        length = -((self.since - self.range.until) // HOUR)
        each = (self.since + HOUR * number for number in range(length))
        return Counter(slot_of(start.astimezone(self.zone)) for start in each)

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
