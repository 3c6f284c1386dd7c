"""Desktops: what one user's program on one machine does, and says to the licensing server.

Pure: a desktop knows no clock, no network and no database. Whoever runs it calls
``act`` at ``next_at``, carries what it returns to a server and brings the answer to
``hear``. Times are seconds since 1970, in whatever time is simulated.

What befalls people is made up here; what follows for the licence is decided by the reference
client's own states.
"""

from __future__ import annotations

import dataclasses
import enum
import random
import uuid
from collections import Counter
from collections.abc import Iterator

from cloud_licence import answers, states
from cloud_licence.states import Situation
from licensing.identity import Client
from support.demo.desktops.messages import (
    UNREACHABLE,
    Answer,
    CheckOut,
    Close,
    HeldSession,
    Move,
    Refresh,
    Request,
)
from support.demo.desktops.moments import Act, Moment

LATE = 60
"""A close that is sent later than this says when it happened."""
PATIENCE = (0, 1, 1, 2, 3, 5)
"""How often people try again on a full pool before they give up."""

IS_OVER = {"session_released", "session_ended"}
"""A check-out is told so whose own session id has had its session; another id may get one."""
OS_SESSIONS = 100
"""A terminal server that has started anew numbers its OS sessions so much higher."""


class State(enum.StrEnum):
    """What the user sees of the program. An open one may hold no session, and goes on alone."""

    OFF = "off"
    STARTING = "starting"
    OPEN = "open"


class Desktop:
    """One user's program on one machine, living through the moments of ``life`` in order.

    It takes up ``next_serial_number`` when it is next started. An older program makes no
    session ids, and does not strike a close that a grant has outdated.
    """

    def __init__(
        self,
        client: Client,
        serial_number: str,
        life: Iterator[Moment],
        rng: random.Random,
        *,
        is_older: bool = False,
    ) -> None:
        self.client = client
        self.serial_number = self.next_serial_number = serial_number
        self.life = life
        self.rng = rng
        self.is_older = is_older
        self.pending = ""
        self.upcoming = next(life, None)
        self.licence = Situation()
        self.is_online = True
        self.windows = 0
        self.lease_until = 0.0
        self.unsent_closes: list[Close] = []
        self.talk_at: float | None = None
        self.asks_again = self.moves_away = False
        self.comes_back = self.closes_first = False
        self.tries = 0
        self.patience = self.asked = 0
        self.did: Counter[str] = Counter()

    @property
    def state(self) -> State:
        """What the user sees."""
        if not self.windows:
            return State.OFF
        return State.OPEN if self.licence.is_open else State.STARTING

    @property
    def session(self) -> HeldSession | None:
        """The session that the program knows of."""
        return self.licence.session

    @property
    def next_at(self) -> float | None:
        """When something happens next; None when nothing ever will."""
        times = [self.talk_at, self.upcoming.at if self.upcoming else None]
        return min((at for at in times if at is not None), default=None)

    def act(self, now: float) -> Request | None:
        """Do what is due; return what the program asks of the server, if anything."""
        if self.upcoming and self.upcoming.at <= now:
            self.undergo(self.upcoming.act, now)
            self.upcoming = next(self.life, None)
        if self.talk_at is None or self.talk_at > now:
            return None
        self.talk_at = None
        if self.is_online:
            return self.wish(now)
        if self.windows:
            self.know(answers.NoAnswer(UNREACHABLE), now)
        return None

    def know(self, answer: answers.Answer, now: float) -> None:
        """Let the reference client decide what follows from an answer, or from none."""
        self.licence = states.hear(self.licence, answer, now, self.rng.uniform)
        self.lease_until, self.talk_at = self.licence.grace_until, self.licence.talk_at

    def undergo(self, act: Act, now: float) -> None:
        """Let something befall the desktop; what makes no sense just now is passed over."""
        is_running = self.state is not State.OFF
        match act:
            case Act.OPEN if not is_running:
                self.start(now)
            case Act.OPEN_WINDOW if self.state is State.OPEN:
                self.windows += 1
                self.asks_again, self.talk_at = True, now
            case Act.CLOSE if is_running:
                self.close_window(now)
            case Act.CRASH if is_running:
                self.stop()
            case Act.RESTART:
                self.lose_machine(is_running)
            case Act.COME_BACK if self.comes_back and not is_running:
                self.start(now)
            case Act.LOSE_NETWORK if self.is_online:
                self.is_online = False
            case Act.FIND_NETWORK if not self.is_online:
                self.is_online, self.talk_at = True, now
            case Act.MOVE if self.session and self.is_online:
                self.moves_away, self.talk_at = True, now
            case _:
                return
        self.did[act] += 1

    def start(self, now: float) -> None:
        """Start the program; offline it opens only on a lease that has not run out."""
        self.serial_number = self.next_serial_number
        self.licence = states.start(now, grace_until=self.lease_until)
        self.windows, self.tries, self.asked, self.talk_at = 1, 0, 0, now
        if self.is_online:
            self.patience = self.rng.choice(PATIENCE)
            return
        self.know(answers.NoAnswer(UNREACHABLE), now)
        if not self.licence.is_open:
            self.end(now)

    def lose_machine(self, is_running: bool) -> None:
        """The machine restarts: the program is gone, and its user gets another OS session, whose
        programs know nothing of what this one kept."""
        self.comes_back = is_running
        self.stop()
        self.unsent_closes.clear()
        self.pending, self.lease_until = "", 0.0
        number = int(self.client.os_session) + OS_SESSIONS
        self.client = dataclasses.replace(self.client, os_session=str(number))

    def close_window(self, now: float) -> None:
        """Close one window; with the last one the program ends and its seat goes back."""
        self.windows -= 1
        if self.windows:
            return
        if self.session:
            self.unsent_closes.append(Close(self.session, ended_at=now))
            self.did["close offline"] += not self.is_online
        self.end(now)

    def end(self, now: float) -> None:
        """The program ends, and gives back what it may have without having heard of it."""
        if self.pending:
            unheard_of = Close(HeldSession(self.pending), now, serial_number=self.serial_number)
            self.unsent_closes.append(unheard_of)
            self.did["close unheard of"] += 1
            self.pending = ""
        self.stop()
        self.talk_at = now if self.unsent_closes else None

    def stop(self) -> None:
        """The program is gone, and knows of no session when it starts again."""
        self.licence, self.windows = Situation(), 0
        self.asks_again = self.moves_away = self.closes_first = False
        self.talk_at = None

    def farewell(self, now: float) -> Request | None:
        """Close the program for good, and say what is left to be said; None when all is said."""
        self.is_online = True
        if self.session:
            self.windows = 1
            self.close_window(now)
        self.end(now)
        return self.wish(now)

    def wish(self, now: float) -> Request | None:
        """What the program has to say to the server now: first what it needs itself."""
        needs_seat = self.state is not State.OFF and self.session is None
        if self.unsent_closes and (self.closes_first or not needs_seat):
            return self.first_close(now)
        if self.state is State.OFF:
            return None
        if self.session is None or self.asks_again:
            return self.ask_for_seat()
        return Move(self.session) if self.moves_away else Refresh(self.session)

    def ask_for_seat(self) -> CheckOut:
        """A check-out; until it is answered the same id is asked for."""
        if self.session is None and not self.is_older:
            self.pending = self.pending or str(uuid.uuid4())
        return CheckOut(self.pending)

    def first_close(self, now: float) -> Close:
        """What is to be closed first; of what happened just now the time is not told."""
        close = self.unsent_closes[0]
        is_new = close.ended_at is not None and now - close.ended_at < LATE
        if is_new and close.outdated_at is None:
            return dataclasses.replace(close, ended_at=None)
        return close

    def hear(self, request: Request, answer: Answer, now: float) -> None:
        """Take the server's answer to ``request``."""
        match request:
            case CheckOut(session_id) if session_id and answer.code in IS_OVER:
                self.pending, self.talk_at = "", now
            case Close():
                self.hear_of_close(answer, now)
            case Move() if not answer.code:
                self.lease_until = 0.0
                self.stop()
            case Move() if not answer.retryable:
                self.moves_away, self.talk_at = False, now + states.FIRST_WAIT
            case _:
                self.hear_of_session(answer, now)

    def hear_of_session(self, answer: Answer, now: float) -> None:
        """A session goes on, or does not; who cannot start tries again, or gives up."""
        self.asks_again = False
        self.asked += 1
        heard = answer.as_heard()
        if not isinstance(heard, answers.NoAnswer):
            self.pending = ""
        self.know(heard, now)
        is_patient = answer.retryable and self.asked <= self.patience
        if not self.licence.is_open and not is_patient:
            self.did["give up"] += 1
            self.end(now)
        elif answer.session:
            self.outdate_closes(answer.session, now)
        elif self.unsent_closes and isinstance(heard, answers.Refused):
            self.closes_first, self.talk_at = True, now

    def outdate_closes(self, session: HeldSession, now: float) -> None:
        """Strike the closes of what goes on; an older program sends them all the same."""
        for close in [close for close in self.unsent_closes if close.session.id == session.id]:
            place = self.unsent_closes.index(close)
            if self.is_older:
                self.unsent_closes[place] = dataclasses.replace(close, outdated_at=now)
            else:
                self.unsent_closes.pop(place)
        if self.unsent_closes:
            self.talk_at = now

    def hear_of_close(self, answer: Answer, now: float) -> None:
        """The close has arrived, or is kept for later."""
        if answer.retryable:
            waited = Situation(tries=self.tries)
            self.talk_at = states.later(waited, answer.retry_after, now, self.rng.uniform)
            self.tries += 1
            return
        self.unsent_closes.pop(0)
        self.tries = 0
        self.closes_first = self.closes_first and bool(self.unsent_closes)
        has_more_to_say = self.unsent_closes or self.state is not State.OFF
        self.talk_at = now if has_more_to_say else None
