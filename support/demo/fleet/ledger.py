"""Ledger: what a fleet's desktops were told and its administrators did, counted by outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from licensing.models.sessions import EndReason
from support.demo.desktops.messages import Answer, CheckOut, Close, HeldSession, Move, Refresh
from support.demo.desktops.real_time import Exchange
from support.demo.fleet.promises import Promise
from support.demo.fleet.witness import CREATED, SERVER_ERROR, is_surely_outdated

LEFT = ""
"""The ending of a session that nobody has ended: it is open, or its seat was reclaimed, or it has
made way, which its program often never hears."""


class Ledger:
    """Hears every exchange and every deed.

    ``endings`` tells how each known session ended. What a cut-off request leaves open
    is a doubt, until the same is asked again and answered.
    """

    def __init__(self, promises: Mapping[str, Promise], *, speed: float = 1) -> None:
        self.promises = promises
        self.speed = speed
        self.opened = 0
        self.moves = 0
        self.refused: Counter[str] = Counter()
        self.endings: dict[str, str] = {}
        self.asked_at: dict[str, float] = {}
        self.cut_off_check_outs = 0
        self.unheard_of: Counter[str] = Counter()
        self.cut_off: dict[tuple[str, type], str] = {}
        self.perhaps_ended: set[str] = set()
        self.blocked: set[str] = set()
        self.deeds: Counter[str] = Counter()

    def hear(self, exchange: Exchange) -> None:
        """Count one request and its answer."""
        if not is_answered(exchange.answer):
            self.hear_nothing(exchange)
            return
        if isinstance(exchange.request, CheckOut):
            self.hear_of_check_out(exchange.request, exchange.answer)
        else:
            self.hear_of_session(exchange.request, exchange)
        if session := exchange.answer.session:
            self.asked_at[session.id] = exchange.sent_at

    def hear_nothing(self, exchange: Exchange) -> None:
        """Note that a request was cut off: nobody knows whether it arrived."""
        request = exchange.request
        if isinstance(request, CheckOut):
            self.cut_off_check_outs += 1
            self.unheard_of[request.session_id] += 1
        else:
            user = exchange.desktop.client.username
            self.cut_off[request.session.id, type(request)] = user

    def hear_of_check_out(self, request: CheckOut, answer: Answer) -> None:
        """Count a seat, or a refusal. A program's own id that is held already, and that nobody
        has heard of, was opened by a request that was cut off."""
        if answer.session is None:
            self.refused[answer.code] += 1
            return
        is_own = request.session_id == answer.session.id
        is_new = answer.status == CREATED or (is_own and answer.session.id not in self.endings)
        self.opened += is_new
        if request.session_id:
            del self.unheard_of[request.session_id]
        self.endings.setdefault(answer.session.id, LEFT)

    def hear_of_session(self, request: Refresh | Close | Move, exchange: Exchange) -> None:
        """Note how a session went on."""
        session, answer = request.session, exchange.answer
        self.cut_off.pop((session.id, type(request)), None)
        match request:
            case Close() if answer.status == 204:
                self.hear_of_close(request)
            case Move() if answer.status == 204:
                self.moves += 1
                self.end(session, EndReason.MOVED)
            case Refresh() if answer.code == "access_blocked":
                self.hear_of_block(session, exchange)

    def hear_of_close(self, close: Close) -> None:
        """It is over, unless it has been granted since; whether it has is told to a second."""
        if close.session.id not in self.endings:
            return  # an id that was made for a check-out without an answer: in doubt for ever
        if close.outdated_at is None:
            self.end(close.session, EndReason.CLOSED)
        elif not is_surely_outdated(close, self.speed):
            self.perhaps_ended.add(close.session.id)

    def hear_of_block(self, session: HeldSession, exchange: Exchange) -> None:
        """The block has ended the session, unless its seat had been reclaimed before."""
        self.end(session, EndReason.BLOCKED)
        kept_for = self.promises[exchange.desktop.serial_number].kept_for
        if exchange.received_at - self.asked_at[session.id] >= kept_for:
            self.perhaps_ended.add(session.id)

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
        return len(cut_off | self.perhaps_ended)

    @property
    def unheard_of_sessions(self) -> int:
        """How many sessions may have been opened without anybody having been told."""
        return self.unheard_of.total()


def is_answered(answer: Answer) -> bool:
    """Whether the product said what it did; one in trouble may have done anything."""
    return 0 < answer.status < SERVER_ERROR
