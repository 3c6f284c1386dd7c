"""Who used licences in a range of days: for how long, on how many days, when last."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Max, Value
from django.db.models.functions import Least

from licensing.models import ClientSession, Licence
from portal.usage.asked import Range

OCCASIONAL = 3
"""Days a month, or fewer."""
MONTH = 30
LEAST_DAYS = 28
"""In fewer days than these nobody can be told to come seldom."""


class Person(NamedTuple):
    """Somebody who held a seat. ``last_at``: when their last seat of these days was given back."""

    username: str
    seconds: float
    days: int
    last_at: dt.datetime | None
    of_days: int

    @property
    def hours(self) -> float:
        return round(self.seconds / 3600, 1)

    @property
    def is_occasional(self) -> bool:
        """Whether they came on three days a month or fewer."""
        return self.of_days >= LEAST_DAYS and is_occasional(self.days, self.of_days)


def is_occasional(days: int, of_days: int) -> bool:
    """Whether so many days of so many are three a month or fewer."""
    return days * MONTH <= OCCASIONAL * of_days


class Version(NamedTuple):
    """A version of the program: how many people it let in, and until when it last held a seat."""

    version: str
    people: int
    last_at: dt.datetime


def versions_in(licences: Sequence[Licence], days: Range) -> list[Version]:
    """The versions of the programs that held a seat, those of most people first."""
    of_licences = ClientSession.every.filter(licence__in=[licence.pk for licence in licences])
    found = of_licences.open_within(days.since, days.until)
    held_until = Least("ended_at", Value(days.until))
    of_each = found.order_by().values_list("version", "person").annotate(last_at=Max(held_until))
    ends = defaultdict[str, list[dt.datetime]](list)
    for version, _person, last_at in of_each:
        ends[version].append(last_at)
    counted = (Version(version, len(each), max(each)) for version, each in ends.items())
    return sorted(counted, key=lambda one: (-one.people, one.version))
