"""What another number of seats would have done: the demand that there was, asked once more."""

from __future__ import annotations

import datetime as dt
import functools
import heapq
import zoneinfo
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from licensing.models.denials import TRANSIENT
from licensing.usage.demand import Want, Who
from licensing.usage.levels import percentile, time_above, time_at_levels, total
from licensing.usage.sweep import overlaps, steps
from licensing.usage.working_time import DAY, WorkingTime

ENOUGH = 995
"""In how many thousandths of working time the seats that we suggest are enough."""
MONTH = dt.timedelta(days=30)
LEAST_USE = dt.timedelta(days=28)
"""How long a licence must have been in use before we suggest a size."""


class WhatIf(NamedTuple):
    """Whom a number of seats would have refused: how many people, on how many days, how often.

    Where far too few seats refuse everybody at some time, the refusals alone go on growing.
    """

    seats: int
    refused_people: int
    refused_days: int
    refusals: int


class Try(NamedTuple):
    """Somebody asks for a seat. ``number`` is that of the want: of two at a time the earlier."""

    at: dt.datetime
    number: int
    want: Want


def tries(wants: Sequence[Want], since: dt.datetime, until: dt.datetime) -> list[Try]:
    """When who asked for a seat in a range, in order.

    Whoever wanted one as it began asks at that moment.
    """
    asked = (
        Try(max(at, since), number, want)
        for number, want in enumerate(wants)
        if want.end > since
        for at in (want.start, *want.again)
        if at < min(until, want.end)
    )
    return sorted(asked, key=lambda asks: (asks.at, asks.number))


def what_if(tries: Iterable[Try], *, seats: int, zone: zoneinfo.ZoneInfo) -> WhatIf:
    """Whom so many seats would have refused.

    Whoever asks takes a free seat and keeps it for as long as they held or wanted one. A
    refused person tries again when they did, and not otherwise: somebody who had no need to
    try again is gone. With the seats that there were, it is those who were refused.
    """
    refused: defaultdict[Who, list[dt.datetime]] = defaultdict(list)
    served: defaultdict[Who, list[dt.datetime]] = defaultdict(list)
    for asked, is_served in answered(tries, seats):
        (served if is_served else refused)[asked.want.who].append(asked.at)
    hurt = [(who, at) for who, asked_at in refused.items() for at in in_vain(asked_at, served[who])]
    people = {person for (person, _machine), _at in hurt}
    days = {at.astimezone(zone).date() for _who, at in hurt}
    return WhatIf(seats, len(people), len(days), refusals=len(hurt))


def answered(tries: Iterable[Try], seats: int) -> Iterator[tuple[Try, bool]]:
    """Each try, and whether it found a free seat; none of somebody who has got one."""
    ends, served = list[dt.datetime](), set[int]()
    for asked in tries:
        while ends and ends[0] <= asked.at:
            heapq.heappop(ends)
        if asked.number in served:
            continue
        if is_served := len(ends) < seats:
            heapq.heappush(ends, asked.want.end)
            served.add(asked.number)
        yield asked, is_served


def in_vain(refused: Sequence[dt.datetime], served: Sequence[dt.datetime]) -> Iterator[dt.datetime]:
    """The refusals of one person that are true denials, as those that happened are judged.

    The person had not been refused in the ten minutes before, and got no seat in those after.
    """
    for before, at in zip([None, *refused], refused, strict=False):
        if before and at < before + TRANSIENT:
            continue
        soonest = bisect_left(served, at)
        if soonest == len(served) or served[soonest] > at + TRANSIENT:
            yield at


@dataclass(frozen=True, slots=True)
class Advice:
    """The fewest ``seats`` that would have done, and the figures that show it.

    ``covered`` is the share of working time in which they were enough, ``most`` the most
    that were wanted at once in it, ``days_short`` on how many days more were wanted.
    """

    seats: int
    covered: float
    most: int
    days_short: int
    refused_people: int


@dataclass(frozen=True, slots=True)
class TooEarly:
    """There has been too little use for advice."""

    days_to_go: int


def advise(
    wants: Sequence[Want],
    working: WorkingTime,
    since: dt.datetime,
    until: dt.datetime,
    *,
    used_since: dt.datetime,
) -> Advice | TooEarly:
    """The smallest size that would have done in a range, as far as the licence was in use then.

    With it, more was wanted in at most 0.5 % of working time, and at most one person in 30
    days was refused. ``used_since`` is when its use begins; no time before counts as idle.
    """
    if early := too_early(since, until, used_since=used_since):
        return early
    since = max(since, used_since)
    wanted = list(steps(wants, since, until))
    at_work = list(overlaps(wanted, working.spans(since, until)))
    times = time_at_levels(step for step, _day in at_work)
    sizes = range(percentile(times, ENOUGH), max(step.level for step in wanted))
    seats, refused = smallest(
        tries(wants, since, until), sizes, length=until - since, zone=working.zone
    )
    return Advice(
        seats,
        covered=1 - time_above(times, seats) / total(times) if times else 1.0,
        most=max(times, default=0),
        days_short=len({day for step, day in at_work if step.level > seats}),
        refused_people=refused,
    )


def too_early(
    since: dt.datetime, until: dt.datetime, *, used_since: dt.datetime
) -> TooEarly | None:
    """How long it is until there is enough use for advice; None if there is."""
    used_for = until - max(since, used_since)
    return TooEarly(-((used_for - LEAST_USE) // DAY)) if used_for < LEAST_USE else None


def smallest(
    asked: Sequence[Try], sizes: range, *, length: dt.timedelta, zone: zoneinfo.ZoneInfo
) -> tuple[int, int]:
    """The smallest of the sizes that refuses at most one person in 30 days, and how many it does.

    More seats never refuse more people, so it can be looked for by halves; nobody is refused
    by as many as were wanted at once, where the sizes end.
    """
    refused = functools.cache(lambda seats: what_if(asked, seats=seats, zone=zone).refused_people)

    def is_enough(seats: int) -> bool:
        return refused(seats) * MONTH <= max(length, MONTH)

    seats = sizes.start + bisect_left(sizes, True, key=is_enough)
    return seats, refused(seats)
