"""For how long how many seats were held, and what follows from that."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from licensing.usage.values import Step

type TimeAtLevels = Mapping[int, dt.timedelta]
"""For each number of seats, in order, for how long just so many were held."""

NO_TIME = dt.timedelta()


def time_at_levels(steps: Iterable[Step]) -> TimeAtLevels:
    """For how long each number of seats was held, the smallest first."""
    found: defaultdict[int, dt.timedelta] = defaultdict(dt.timedelta)
    for step in steps:
        found[step.level] += step.end - step.start
    return dict(sorted(found.items()))


def total(times: TimeAtLevels) -> dt.timedelta:
    """All of the time."""
    return sum(times.values(), NO_TIME)


def mean(times: TimeAtLevels) -> float:
    """How many seats were held on average; 0 of no time at all."""
    seats = sum((level * time for level, time in times.items()), NO_TIME)
    return seats / total(times) if times else 0.0


def time_above(times: TimeAtLevels, seats: int) -> dt.timedelta:
    """For how long more seats were held than that."""
    return sum((time for level, time in times.items() if level > seats), NO_TIME)


def percentile(times: TimeAtLevels, thousandths: int) -> int:
    """The fewest seats that are enough for so many thousandths of the time: 950 for 95 %."""
    wanted, reached = total(times) * thousandths, NO_TIME
    for level, time in times.items():
        reached += time
        if reached * 1000 >= wanted:
            return level
    return 0
