"""What is told of a day, of an hour of the week and of a number of seats."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from licensing.usage.values import HOUR


@dataclass(slots=True)
class Day:
    """What happened on a day. ``seats``: how many there were as it ended, if known.

    ``peak`` is None of a day none of which counts, such as one before the first use.
    """

    date: dt.date
    seats: int | None = None
    peak: int | None = 0
    full_seconds: float = 0.0
    true_denials: int = 0

    @property
    def is_full(self) -> bool:
        """Whether a pool was full for some of it."""
        return self.full_seconds > 0

    @property
    def full_minutes(self) -> int:
        return minutes(self.full_seconds)


class WeekHour(NamedTuple):
    """An hour of the week: how many seats were in use on average, and at most.

    Both are None if no such hour counts.
    """

    weekday: int
    hour: int
    mean: float | None
    most: int | None


class Level(NamedTuple):
    """For how long of working time just so many seats were in use."""

    seats: int
    time: dt.timedelta
    share: float

    @property
    def hours(self) -> float:
        return round(self.time / HOUR, 2)


def minutes(seconds: float) -> int:
    return round(seconds / 60)
