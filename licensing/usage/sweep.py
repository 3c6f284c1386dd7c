"""Sweep over holds in the order of their starts: how many seats were held, at every moment.

Nothing here is sampled, and nothing is kept of what is over: memory grows with how many
seats are held at once and with what one hour brings, not with the length of the range.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import tee
from operator import attrgetter

from licensing.models.denials import DenialClass
from licensing.usage.values import (
    HOUR,
    QUARTER,
    Denial,
    Hold,
    Interval,
    Limit,
    Span,
    Step,
    before_each,
    end_of_hour,
    hour_of,
    limit_spans,
    slots,
)

QUARTERS = HOUR // QUARTER


@dataclass(frozen=True, slots=True)
class Hour:
    """What happened in the UTC hour that begins at ``start``.

    ``quarters`` are the peaks of its four quarters, ``limit`` the one in force as it ended
    (None: not known), ``refusals`` how many began in it, by their DenialClass. Somebody who
    was in for a moment of the hour is one of its people.
    """

    start: dt.datetime
    quarters: tuple[int, ...] = (0,) * QUARTERS
    seat_seconds: float = 0.0
    seconds_at_limit: float = 0.0
    limit: int | None = None
    people: int = 0
    machines: int = 0
    refusals: Mapping[str, int] = field(default_factory=Counter)

    @property
    def peak(self) -> int:
        """The most seats that were held at once."""
        return max(self.quarters)

    @property
    def mean(self) -> float:
        """How many seats were held on average, over the whole of the hour."""
        return self.seat_seconds / HOUR.total_seconds()

    @property
    def true_denials(self) -> int:
        """How many people began to be refused for want of a seat that they did not get soon."""
        return self.refusals.get(DenialClass.TRUE, 0)

    @property
    def is_idle(self) -> bool:
        """Whether nobody was in, nor tried to be."""
        return not (self.people or self.refusals)


def steps(holds: Iterable[Interval], since: dt.datetime, until: dt.datetime) -> Iterator[Step]:
    """How many seats were held, from when to when: the whole of the range, in order."""
    at, level = since, 0
    for moment, change in changes(holds):
        if moment >= until:
            break
        if moment > at:
            yield Step(at, moment, level)
            at = moment
        level += change
    if at < until:
        yield Step(at, until, level)


def changes(holds: Iterable[Interval]) -> Iterator[tuple[dt.datetime, int]]:
    """When a seat was taken (1) or given back (-1), in order; at one moment given back first."""
    ends: list[dt.datetime] = []
    for hold in holds:
        while ends and ends[0] <= hold.start:
            yield heapq.heappop(ends), -1
        yield hold.start, 1
        heapq.heappush(ends, hold.end)
    for end in sorted(ends):
        yield end, -1


def overlaps[T](steps: Iterable[Step], spans: Iterable[Span[T]]) -> Iterator[tuple[Step, T]]:
    """Each part of a step that lies in a span, with the span's value; both are in order."""
    spans = iter(spans)
    span = next(spans, None)
    for step in steps:
        while span and span.start < step.end:
            start, end = max(step.start, span.start), min(step.end, span.end)
            if start < end:
                yield Step(start, end, step.level), span.value
            if span.end > step.end:
                break
            span = next(spans, None)


def hours(
    holds: Iterable[Hold],
    limits: Sequence[Limit],
    denials: Iterable[Denial],
    since: dt.datetime,
    until: dt.datetime,
) -> Iterator[Hour]:
    """The figures of each UTC hour that the range touches.

    Holds and limits are in the order of their starts, denials of their first try; those
    that were over before the range may be among them.
    """
    since, until = hour_of(since), end_of_hour(until)
    each, ends_of_holds, ends_of_denials = tee(slots(since, until, HOUR), 3)
    arriving = before_each(holds, (span.end for span in ends_of_holds))
    refused = before_each(denials, (span.end for span in ends_of_denials))
    of_limits = limit_spans(limits, until)
    held: list[Hold] = []
    for (start, _end, _number), new, tried in zip(each, arriving, refused, strict=True):
        held = [hold for hold in (*held, *new) if hold.end > start]
        began = [denial for denial in tried if denial.first >= start]
        yield figures(start, held, of_limits, began)


def figures(
    start: dt.datetime, held: Sequence[Hold], limits: Sequence[Span[int]], refused: list[Denial]
) -> Hour:
    """The figures of one hour, from those who were in for some of it and who was refused."""
    end = start + HOUR
    in_force = [span for span in limits if span.start < end and span.end > start]
    if not held and all(span.value for span in in_force):
        return idle(start, in_force, refused)
    pieces = list(steps(held, start, end))
    return Hour(
        start,
        quarters=peaks(pieces, list(slots(start, end, QUARTER))),
        seat_seconds=seat_time(pieces).total_seconds(),
        seconds_at_limit=time_at_limit(pieces, in_force).total_seconds(),
        limit=in_force[-1].value if in_force else None,
        people=len({hold.person for hold in held}),
        machines=len({hold.machine for hold in held}),
        refusals=Counter(denial.kind for denial in refused),
    )


def idle(start: dt.datetime, limits: Sequence[Span[int]], refused: list[Denial]) -> Hour:
    """The figures of an hour in which nobody was in: most are such, and need not be swept."""
    limit = limits[-1].value if limits else None
    return Hour(start, limit=limit, refusals=Counter(denial.kind for denial in refused))


def peaks(steps: Iterable[Step], slots: Sequence[Span[int]]) -> tuple[int, ...]:
    """The most seats that were held at once in each of the slots."""
    found = [0] * len(slots)
    in_use = (step for step in steps if step.level)
    for step, number in overlaps(in_use, slots):
        found[number] = max(found[number], step.level)
    return tuple(found)


def peaks_together(
    held: Iterable[Iterable[Interval]], since: dt.datetime, until: dt.datetime
) -> dict[dt.datetime, int]:
    """The most seats of several pools that were held at once in each quarter, by its start.

    The holds of each are in order; the range begins with a quarter.
    """
    each = list(slots(since, until, QUARTER))
    in_order = heapq.merge(*held, key=attrgetter("start"))
    levels = peaks(steps(in_order, since, until), each)
    return dict(zip((slot.start for slot in each), levels, strict=True))


def seat_time(steps: Iterable[Step]) -> dt.timedelta:
    """For how long seats were held, all of them together."""
    return sum(((step.end - step.start) * step.level for step in steps), dt.timedelta())


def time_at_limit(steps: Iterable[Step], limits: Iterable[Span[int]]) -> dt.timedelta:
    """For how long no seat was free: as many were held as there were, or more."""
    full = (step for step, seats in overlaps(steps, limits) if step.level >= seats)
    return sum((step.end - step.start for step in full), dt.timedelta())
