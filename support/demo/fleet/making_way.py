"""Making way: what clients alone can prove about who loses a seat to whom at a full pool."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator

from licensing.identity import Client
from support.demo.desktops.messages import CheckOut, Close, Move, Refresh
from support.demo.desktops.real_time import Exchange
from support.demo.fleet.promises import Promise

FULL, ENDED, REPLACED = "pool_exhausted", "session_ended", "replaced"

KEPT_IN_TOUCH = "A session was replaced that had been in touch"
BY_NOBODY = "A session was replaced, and nobody of its person, machine and device had asked"
REFUSED = "Somebody was refused whose own session on the same machine had fallen silent"


@dataclasses.dataclass(slots=True)
class Held:
    """A session that surely held its seat when it was asked for, and was heard of no later than
    ``heard_at``. It may have made way since."""

    client: Client
    asked_at: float
    heard_at: float
    may_be_gone: bool = False


@dataclasses.dataclass(slots=True)
class Kin:
    """What is known of one person on machines of one name, with one licence."""

    sessions: dict[str, Held] = dataclasses.field(default_factory=dict)
    asked: set[Client] = dataclasses.field(default_factory=set)


class MakingWay:
    """Hears every exchange; complaints are yielded as they come."""

    def __init__(self) -> None:
        self.kin: defaultdict[tuple[str, str, str], Kin] = defaultdict(Kin)

    def hear(self, exchange: Exchange, promise: Promise) -> Iterator[str]:
        """Take note of one request and its answer; say what was wrong about it."""
        client, answer = exchange.desktop.client, exchange.answer
        kin = self.kin[promise.name, client.machine_name, client.username]
        match exchange.request:
            case CheckOut():
                if answer.code == FULL:
                    yield from self.judge_refusal(kin, exchange, promise)
                self.note_asker(kin, client, exchange)
            case Refresh(session) if answer.code == ENDED and answer.reason == REPLACED:
                yield from self.judge_replacement(kin, session.id, exchange, promise)
                kin.sessions.pop(session.id, None)
            case Close(session) | Move(session):
                kin.sessions.pop(session.id, None)
            case Refresh(session) if answer.session is None and answer.status:
                kin.sessions.pop(session.id, None)
            case Refresh(session) if answer.session is None and session.id in kin.sessions:
                kin.sessions[session.id].heard_at = exchange.received_at
        if answer.session:
            held = Held(client, exchange.sent_at, exchange.received_at)
            kin.sessions[answer.session.id] = held

    def note_asker(self, kin: Kin, client: Client, exchange: Exchange) -> None:
        """Whoever was not refused, as far as is known, may have taken the seats of the silent."""
        kin.asked.add(client)
        for held in kin.sessions.values():
            if held.client == client:
                held.heard_at = exchange.received_at
            elif not exchange.answer.code or not exchange.answer.status:
                held.may_be_gone = True

    def judge_refusal(self, kin: Kin, exchange: Exchange, promise: Promise) -> Iterator[str]:
        """Nobody is refused for a seat that is held by their own silent session."""
        for held in kin.sessions.values():
            is_silent = exchange.sent_at - held.heard_at >= promise.silent_after
            is_held = exchange.received_at - held.asked_at < promise.kept_for
            is_kin = is_another_of(held.client, exchange.desktop.client)
            if is_kin and is_silent and is_held and not held.may_be_gone:
                yield REFUSED

    def judge_replacement(
        self, kin: Kin, session_id: str, exchange: Exchange, promise: Promise
    ) -> Iterator[str]:
        """What was replaced had been silent, and somebody of its own had asked for a seat."""
        held = kin.sessions.get(session_id)
        if held and exchange.received_at - held.asked_at < promise.silent_after:
            yield KEPT_IN_TOUCH
        if not any(is_another_of(exchange.desktop.client, other) for other in kin.asked):
            yield BY_NOBODY


def is_another_of(one: Client, other: Client) -> bool:
    """Whether two of one person and machine are apart, and may be of one device."""
    is_apart = (one.os_session, one.device_id) != (other.os_session, other.device_id)
    return is_apart and ("" in (one.device_id, other.device_id) or one.device_id == other.device_id)
