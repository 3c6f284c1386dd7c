"""Witness: what the clients alone can prove about the server's promises."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from support.demo.desktops import CheckOut, Close, Refresh
from support.demo.real_time import Exchange

SERVER_ERROR = 500


@dataclasses.dataclass(frozen=True, slots=True)
class Promise:
    """What is known of a licence: its seats at most, and how long one is surely kept."""

    name: str
    seats: int
    kept_for: float


@dataclasses.dataclass(slots=True)
class Span:
    """A stretch of time in which a session surely held its seat."""

    promise: Promise
    begins: float
    ends: float
    asked_at: float


class Witness:
    """Hears every exchange, and complains about promises that were surely broken.

    Between two grants of one session, less than ``kept_for`` apart, the seat was held
    throughout: it was too early to reclaim it, and what is released is never given
    back to that session. Clocks of other machines are not trusted, nor needed.
    """

    def __init__(self, promises: Mapping[str, Promise]) -> None:
        self.promises = promises
        self.spans: dict[str, Span] = {}
        self.past: list[Span] = []
        self.closed: dict[str, float] = {}
        self.faults: Counter[str] = Counter()

    def hear(self, exchange: Exchange) -> None:
        """Take note of one request and its answer."""
        answer = exchange.answer
        if answer.status >= SERVER_ERROR:
            self.faults[f"The server answered {answer.status} ({answer.code})"] += 1
        match exchange.request:
            case Close(session) if answer.status == 204:
                self.closed[session.id] = exchange.received_at
            case Refresh() if answer.code == "session_unknown":
                self.faults["A session that had been acknowledged was unknown at its refresh"] += 1
            case CheckOut() | Refresh() if answer.session:
                self.hear_grant(answer.session.id, exchange)

    def hear_grant(self, session_id: str, exchange: Exchange) -> None:
        """Take note that a session held its seat at some time while the request was out."""
        if self.closed.get(session_id, float("inf")) < exchange.sent_at:
            self.faults["A session went on after its close had been acknowledged"] += 1
        promise = self.promises[exchange.desktop.serial_number]
        span = self.spans.get(session_id)
        if span and exchange.received_at - span.asked_at < promise.kept_for:
            span.ends = span.asked_at = exchange.sent_at
            return
        if span:
            self.past.append(span)
        received_at = exchange.received_at
        self.spans[session_id] = Span(promise, received_at, received_at, exchange.sent_at)

    def complaints(self) -> list[str]:
        """A sentence for each promise that was broken."""
        faults = [f"{fault}: {number:,} times." for fault, number in sorted(self.faults.items())]
        return [*faults, *self.oversold()]

    def oversold(self) -> Iterator[str]:
        """A sentence for each licence that was surely used by more than its seats at once."""
        by_licence = sorted([*self.past, *self.spans.values()], key=lambda s: s.promise.name)
        for promise, spans in itertools.groupby(by_licence, key=lambda span: span.promise):
            most = most_at_once(spans)
            if most > promise.seats:
                yield (
                    f"{promise.name} has {promise.seats} seats, and {most} sessions "
                    "surely held one at the same time."
                )


def most_at_once(spans: Iterable[Span]) -> int:
    """How many of the spans overlap at most."""
    steps = [(at, step) for span in spans for at, step in ((span.begins, 1), (span.ends, -1))]
    return max(itertools.accumulate(step for _, step in sorted(steps)), default=0)
