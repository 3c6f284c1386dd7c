"""Witness: what the clients alone can prove about the server's promises."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from licensing.identity import Client
from support.demo.desktops.messages import CheckOut, Close, Refresh
from support.demo.desktops.real_time import Exchange
from support.demo.fleet.making_way import MakingWay
from support.demo.fleet.promises import Promise

CREATED, SERVER_ERROR = 201, 500
SURELY_LATER = 1.0
"""A close that is outdated by more than these real seconds is so for the server, too, which tells
times of whole seconds."""


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

    def __init__(self, promises: Mapping[str, Promise], *, speed: float = 1) -> None:
        self.promises = promises
        self.speed = speed
        self.spans: dict[str, Span] = {}
        self.past: list[Span] = []
        self.closed: dict[str, float] = {}
        self.holders: dict[str, Client] = {}
        self.outdated: set[str] = set()
        self.unanswered: defaultdict[Client, set[str]] = defaultdict(set)
        self.making_way = MakingWay()
        self.faults: Counter[str] = Counter()

    def hear(self, exchange: Exchange) -> None:
        """Take note of one request and its answer."""
        answer = exchange.answer
        if answer.status >= SERVER_ERROR:
            self.faults[f"The server answered {answer.status} ({answer.code})"] += 1
        match exchange.request:
            case Close(session) if answer.status == 204:
                self.hear_of_close(exchange.request, exchange.received_at)
            case Refresh(session) if answer.reason == "closed" and session.id in self.outdated:
                self.faults[
                    "A close that came late ended a session that had been granted since"
                ] += 1
            case Refresh() if answer.code == "session_unknown":
                self.faults["A session that had been acknowledged was unknown at its refresh"] += 1
            case CheckOut(session_id) if session_id and not answer.status:
                self.unanswered[exchange.desktop.client].add(session_id)
            case CheckOut() | Refresh() if answer.session:
                self.hear_grant(answer.session.id, exchange)
        self.faults.update(
            self.making_way.hear(exchange, self.promises[exchange.desktop.serial_number])
        )

    def hear_of_close(self, close: Close, at: float) -> None:
        """What was closed is over; but what has been granted since goes on."""
        if close.outdated_at is None or close.ended_at is None:
            self.closed[close.session.id] = at
        elif is_surely_outdated(close, self.speed):
            self.outdated.add(close.session.id)

    def hear_grant(self, session_id: str, exchange: Exchange) -> None:
        """Take note that a session held its seat at some time while the request was out."""
        if self.closed.get(session_id, float("inf")) < exchange.sent_at:
            self.faults["A session went on after its close had been acknowledged"] += 1
        self.require_own(session_id, exchange)
        promise = self.promises[exchange.desktop.serial_number]
        span = self.spans.get(session_id)
        if span and exchange.received_at - span.asked_at < promise.kept_for:
            span.ends = span.asked_at = exchange.sent_at
            return
        if span:
            self.past.append(span)
        received_at = exchange.received_at
        self.spans[session_id] = Span(promise, received_at, received_at, exchange.sent_at)

    def require_own(self, session_id: str, exchange: Exchange) -> None:
        """A session is of one user on one machine, and has the id that its program made."""
        client, request = exchange.desktop.client, exchange.request
        is_new = exchange.answer.status == CREATED
        if session_id not in self.holders and client in self.unanswered:
            is_new = True  # it was made when the answer was lost
        if self.holders.setdefault(session_id, client) != client:
            self.faults["Two programs on two machines were given one session"] += 1
        if is_new and isinstance(request, CheckOut) and request.session_id:
            known = {request.session_id} | self.unanswered.pop(client, set())
            if session_id not in known:
                self.faults["A new session did not take the id that its program had made"] += 1

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


def is_surely_outdated(close: Close, speed: float) -> bool:
    """Whether the session was granted after what the close says, for the server as well."""
    if close.outdated_at is None or close.ended_at is None:
        return False
    return (close.outdated_at - close.ended_at) / speed > SURELY_LATER


def most_at_once(spans: Iterable[Span]) -> int:
    """How many of the spans overlap at most."""
    steps = [(at, step) for span in spans for at, step in ((span.begins, 1), (span.ends, -1))]
    return max(itertools.accumulate(step for _, step in sorted(steps)), default=0)
