"""The facts that figures of use are counted from, as plain values. All times are UTC."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from licensing.models.denials import DenialClass

HOUR = dt.timedelta(hours=1)
QUARTER = dt.timedelta(minutes=15)


class Interval(Protocol):
    """Whatever lasts from ``start`` until just before ``end``."""

    @property
    def start(self) -> dt.datetime: ...
    @property
    def end(self) -> dt.datetime: ...


class Hold(NamedTuple):
    """The time in which one session kept one seat; never none at all."""

    start: dt.datetime
    end: dt.datetime
    person: str
    machine: str


class Limit(NamedTuple):
    """How many seats there are from then on, until the next limit begins."""

    start: dt.datetime
    seats: int


class Denial(NamedTuple):
    """Somebody who was refused: the first and the last try, and when they got a seat, if ever."""

    first: dt.datetime
    last: dt.datetime
    person: str
    machine: str
    served: dt.datetime | None = None
    kind: str = DenialClass.TRUE


class Step(NamedTuple):
    """A time in which ``level`` seats were held, no more and no fewer."""

    start: dt.datetime
    end: dt.datetime
    level: int


class Span[T](NamedTuple):
    """A time of which ``value`` is true: a limit, the number of a quarter, a day."""

    start: dt.datetime
    end: dt.datetime
    value: T


def limit_spans(limits: Sequence[Limit], until: dt.datetime) -> list[Span[int]]:
    """Each limit with its end. Before the first one there is none."""
    ends = [*(limit.start for limit in limits), until][1:]
    return [
        Span(limit.start, end, limit.seats)
        for limit, end in zip(limits, ends, strict=True)
        if limit.start < end
    ]


def slots(since: dt.datetime, until: dt.datetime, width: dt.timedelta) -> Iterator[Span[int]]:
    """The range cut into pieces of one width, with their numbers; the last may be shorter."""
    for number in range(-((since - until) // width)):
        start = since + number * width
        yield Span(start, min(start + width, until), number)


def hour_of(moment: dt.datetime) -> dt.datetime:
    """The start of the UTC hour that a moment lies in."""
    return moment.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)


def end_of_hour(moment: dt.datetime) -> dt.datetime:
    """The end of the UTC hour that the time before a moment lies in."""
    return hour_of(moment - dt.datetime.resolution) + HOUR


def before_each[T: (Hold, Denial)](
    items: Iterable[T], moments: Iterable[dt.datetime]
) -> Iterator[list[T]]:
    """For each moment the items, in order of their first element, that began before it.

    Each is handed out once, and none is read before its turn.
    """
    items = iter(items)
    waiting = next(items, None)
    for moment in moments:
        batch = []
        while waiting is not None and waiting[0] < moment:
            batch.append(waiting)
            waiting = next(items, None)
        yield batch
