"""How many seats some licences of one account had together, at any moment."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping
from functools import cached_property

from licensing.models import Licence
from licensing.usage.values import QUARTER, Span
from licensing.usage.working_time import DAY, WorkingTime
from portal.usage.asked import today
from portal.usage.known import Known


class Limits:
    """The limits of licences of which so much is ``known``; None is told where none is."""

    def __init__(
        self, licences: Collection[Licence], known: Mapping[int, Known], working: WorkingTime
    ) -> None:
        self.licences, self.known, self.zone = licences, known, working.zone
        self.today = today(working)
        self.counted: dict[tuple[int, int], int | None] = {}

    def at(self, moment: dt.datetime) -> int | None:
        """How many there were just before a moment."""
        day = (moment - dt.datetime.resolution).astimezone(self.zone).date()
        return self.before(moment, day)

    def within(self, quarter: dt.datetime) -> int | None:
        """The most there were at the ends of the quarter of an hour that begins then."""
        ends = (self.at(quarter + dt.datetime.resolution), self.at(quarter + QUARTER))
        return max((seats for seats in ends if seats is not None), default=None)

    def at_end_of(self, day: Span[dt.date]) -> int | None:
        """How many there were as a day ended, or how many there are if it has not."""
        return self.before(day.end, day.value)

    def before(self, moment: dt.datetime, day: dt.date) -> int | None:
        """How many there were just before a moment of a day, of licences that could be used on it.

        Counted once for all moments between which nothing changes.
        """
        place = bisect_left(self.changes, moment), bisect_right(self.days_of_change, day)
        if place not in self.counted:
            self.counted[place] = self.count(moment, day)
        return self.counted[place]

    @cached_property
    def changes(self) -> list[dt.datetime]:
        """When any limit changed."""
        return sorted({limit.start for known in self.known.values() for limit in known.limits})

    @cached_property
    def days_of_change(self) -> list[dt.date]:
        """The days from which on other licences can be used."""
        begin = {licence.starts_on for licence in self.licences if licence.starts_on}
        over = {licence.ends_on + DAY for licence in self.licences if licence.ends_on}
        return sorted({self.today, *begin, *over})

    def count(self, moment: dt.datetime, day: dt.date) -> int | None:
        """The same, counted anew. Whoever is suspended now, is today."""
        of_term = (licence for licence in self.licences if licence.runs_on(day))
        then = self.usable if day >= self.today else of_term
        seats = [self.known[licence.pk].seats_before(moment) for licence in then]
        known = [number for number in seats if number is not None]
        return sum(known) if known else None

    @cached_property
    def usable(self) -> list[Licence]:
        """The licences that anybody can use now."""
        return [licence for licence in self.licences if licence.is_usable]
