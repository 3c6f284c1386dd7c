"""Clocks: what time it is by the service's clock, as far as it is known.

A computer's clock can be set back, by accident or to work offline for longer. So the latest time
that was seen is kept, and while a process runs a clock that nobody can set tells what has passed.
"""

from __future__ import annotations

from dataclasses import dataclass

TOLERANCE = 300
"""A clock that was set back by so many seconds, or stands so far behind, is still believed."""


@dataclass(frozen=True)
class Seen:
    """A time by the service's clock, and what this process's monotonic clock said then."""

    at: float
    monotonic: float


def now(clock: float, ahead: float, monotonic: float, seen: Seen | None) -> float:
    """The service's time: by the computer's ``clock``, and never less than has passed since
    this process last looked."""
    by_clock = clock + ahead
    if seen is None:
        return by_clock
    return max(by_clock, seen.at + monotonic - seen.monotonic)


def was_turned_back(now: float, latest: float) -> bool:
    """Whether the clock stands more than five minutes before a time that has been seen already."""
    return now < latest - TOLERANCE
