"""Ledger: what a fleet's desktops were told and its administrators did, counted by outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from licensing.models.sessions import EndReason
from support.demo.desktops import Answer, CheckOut, Close, HeldSession, Move, Refresh
from support.demo.real_time import Exchange
from support.demo.witness import SERVER_ERROR, Promise

LEFT = ""
"""The ending of a session that nobody has ended: it is open, or its seat was reclaimed."""


class Ledger:
    """Hears every exchange and every deed.

    ``endings`` tells how each known session ended. What a cut-off request leaves open
    is a doubt, until the same is asked again and answered.
    """

    def __init__(self, promises: Mapping[str, Promise]) -> None:
        self.promises = promises
        self.opened = 0
        self.moves = 0
        self.refused: Counter[str] = Counter()
        self.endings: dict[str, str] = {}
        self.asked_at: dict[str, float] = {}
        self.cut_off_check_outs = 0
        self.cut_off: dict[tuple[str, type], str] = {}
        self.perhaps_reclaimed: set[str] = set()
        self.blocked: set[str] = set()
        self.deeds: Counter[str] = Counter()

    def hear(self, exchange: Exchange) -> None:
        """Count one request and its answer."""
        if not is_answered(exchange.answer):
            self.hear_nothing(exchange)
            return
        if isinstance(exchange.request, CheckOut):
            self.hear_of_check_out(exchange.answer)
        else:
            self.hear_of_session(exchange.request, exchange)
        if session := exchange.answer.session:
            self.asked_at[session.id] = exchange.sent_at

    def hear_nothing(self, exchange: Exchange) -> None:
        """Note that a request was cut off: nobody knows whether it arrived."""
        request = exchange.request
        if isinstance(request, CheckOut):
            self.cut_off_check_outs += 1
        else:
            user = exchange.desktop.client.username
            self.cut_off[request.session.id, type(request)] = user

    def hear_of_check_out(self, answer: Answer) -> None:
        """Count a seat, or a refusal."""
        if answer.session is None:
            self.refused[answer.code] += 1
            return
        self.opened += answer.status == 201
        self.endings.setdefault(answer.session.id, LEFT)

    def hear_of_session(self, request: Refresh | Close | Move, exchange: Exchange) -> None:
        """Note how a session went on."""
        session, answer = request.session, exchange.answer
        self.cut_off.pop((session.id, type(request)), None)
        match request:
            case Close() if answer.status == 204:
                self.end(session, EndReason.CLOSED)
            case Move() if answer.status == 204:
                self.moves += 1
                self.end(session, EndReason.MOVED)
            case Refresh() if answer.code == "access_blocked":
                self.hear_of_block(session, exchange)

    def hear_of_block(self, session: HeldSession, exchange: Exchange) -> None:
        """The block has ended the session, unless its seat had been reclaimed before."""
        self.end(session, EndReason.BLOCKED)
        kept_for = self.promises[exchange.desktop.serial_number].kept_for
        if exchange.received_at - self.asked_at[session.id] >= kept_for:
            self.perhaps_reclaimed.add(session.id)

    def end(self, session: HeldSession, reason: EndReason) -> None:
        """Note how a session ended; the first ending counts."""
        if self.endings[session.id] == LEFT:
            self.endings[session.id] = reason

    def hear_of_release(self, session_id: str) -> None:
        """An administrator has released an active session, and so ended it whatever follows."""
        self.endings[session_id] = EndReason.RELEASED
        self.deeds["session_released"] += 1

    def ended(self) -> Counter[str]:
        """How many of the known sessions ended in which way."""
        return Counter(self.endings.values())

    @property
    def cut_off_moves(self) -> int:
        """How many devices may have been unbound without anybody having been told."""
        return sum(kind is Move for _, kind in self.cut_off)

    @property
    def doubtful_sessions(self) -> int:
        """How many of the known sessions may have ended otherwise than the desktops think."""
        cut_off = {
            session_id
            for (session_id, kind), user in self.cut_off.items()
            if kind is not Refresh or user in self.blocked
        }
        return len(cut_off | self.perhaps_reclaimed)


def is_answered(answer: Answer) -> bool:
    """Whether the product said what it did; one in trouble may have done anything."""
    return 0 < answer.status < SERVER_ERROR
