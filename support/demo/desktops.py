"""Desktops: what one user's program on one machine does, and says to the licensing server.

Pure: a desktop knows no clock, no network and no database. Whoever runs it calls
``act`` at ``next_at``, carries what it returns to a server and brings the answer to
``hear``. Times are seconds since 1970, in whatever time is simulated.
"""

from __future__ import annotations

import dataclasses
import enum
import random
from collections import Counter
from collections.abc import Iterator

from licensing.identity import Client

LATE = 60
"""A close that is sent later than this says when it happened."""
FIRST_WAIT, LONGEST_WAIT = 30, 900
PATIENCE = (0, 1, 1, 2, 3, 5)
"""How often people try again on a full pool before they give up."""

UNREACHABLE = "unreachable"
"""The code of an answer that never came."""
SESSION_IS_GONE = {"session_released", "session_ended", "session_unknown", "token_invalid"}


class Act(enum.StrEnum):
    """What befalls a desktop."""

    OPEN = "open"
    OPEN_WINDOW = "open window"
    CLOSE = "close"
    CRASH = "crash"
    LOSE_NETWORK = "lose network"
    FIND_NETWORK = "find network"
    MOVE = "move licence"


@dataclasses.dataclass(frozen=True, slots=True)
class Moment:
    """Something that befalls a desktop at some time."""

    at: float
    act: Act


@dataclasses.dataclass(frozen=True, slots=True)
class HeldSession:
    """A session as the client knows it. The token is empty where none is needed."""

    id: str
    token: str = dataclasses.field(default="", repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class CheckOut:
    """Ask for a seat, or for the one held already."""


@dataclasses.dataclass(frozen=True, slots=True)
class Refresh:
    """Say that the program is still open."""

    session: HeldSession


@dataclasses.dataclass(frozen=True, slots=True)
class Close:
    """Give the seat back. ``ended_at`` is None for a program that was closed just now."""

    session: HeldSession
    ended_at: float | None


@dataclasses.dataclass(frozen=True, slots=True)
class Move:
    """Move Licence: unbind this device, so that the user can go on at another one."""

    session: HeldSession


Request = CheckOut | Refresh | Close | Move


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What the server said: ``code`` is empty when it did as it was asked."""

    code: str = ""
    status: int = 0
    retryable: bool = False
    retry_after: float = 0
    session: HeldSession | None = None
    refresh_after: float = 0
    lease_until: float = 0


class State(enum.StrEnum):
    """What the user sees of the program. An open one may hold no session, and goes on alone."""

    OFF = "off"
    STARTING = "starting"
    OPEN = "open"


class Desktop:
    """One user's program on one machine, living through the moments of ``life`` in order.

    It takes up ``next_serial_number`` when it is next started.
    """

    def __init__(
        self, client: Client, serial_number: str, life: Iterator[Moment], rng: random.Random
    ) -> None:
        self.client = client
        self.serial_number = self.next_serial_number = serial_number
        self.life = life
        self.rng = rng
        self.upcoming = next(life, None)
        self.state = State.OFF
        self.is_online = True
        self.windows = 0
        self.session: HeldSession | None = None
        self.lease_until = 0.0
        self.unsent_closes: list[Close] = []
        self.talk_at: float | None = None
        self.asks_again = self.moves_away = False
        self.tries = 0
        self.patience = 0
        self.did: Counter[str] = Counter()

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
        return self.wish(now) if self.is_online else None

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
        if self.is_online:
            self.state = State.STARTING
            self.tries, self.patience = 0, self.rng.choice(PATIENCE)
            self.talk_at = now
        elif now < self.lease_until:
            self.state = State.OPEN
        self.windows = 1

    def close_window(self, now: float) -> None:
        """Close one window; with the last one the program ends and its seat goes back."""
        self.windows -= 1
        if self.windows:
            return
        if self.session:
            self.unsent_closes.append(Close(self.session, ended_at=now))
            self.did["close offline"] += not self.is_online
        self.stop()
        self.talk_at = now if self.unsent_closes else None

    def stop(self) -> None:
        """The program is gone, and knows of no session when it starts again."""
        self.state, self.session, self.windows = State.OFF, None, 0
        self.asks_again = self.moves_away = False
        self.talk_at = None

    def farewell(self, now: float) -> Request | None:
        """Close the program for good, and say what is left to be said; None when all is said."""
        self.is_online = True
        if self.session:
            self.windows = 1
            self.close_window(now)
        self.stop()
        return self.wish(now)

    def wish(self, now: float) -> Request | None:
        """What the program has to say to the server now."""
        if self.unsent_closes:
            close = self.unsent_closes[0]
            happened_now = close.ended_at is not None and now - close.ended_at < LATE
            return dataclasses.replace(close, ended_at=None) if happened_now else close
        if self.state is State.OFF:
            return None
        if self.session is None or self.asks_again:
            return CheckOut()
        return Move(self.session) if self.moves_away else Refresh(self.session)

    def hear(self, request: Request, answer: Answer, now: float) -> None:
        """Take the server's answer to ``request``."""
        match request:
            case Close():
                self.hear_of_close(answer, now)
            case Move() if not answer.code:
                self.stop()
            case Move() if not answer.retryable:
                self.moves_away, self.talk_at = False, now + FIRST_WAIT
            case CheckOut() if answer.session is None:
                self.asks_again = False
                self.hear_refusal(answer, now)
            case _ if answer.session:
                self.hold(answer.session, answer, now)
            case _:
                self.hear_no_refresh(answer, now)

    def hold(self, session: HeldSession, answer: Answer, now: float) -> None:
        """The program is open and its session goes on."""
        self.state, self.session, self.asks_again, self.tries = State.OPEN, session, False, 0
        self.lease_until = answer.lease_until
        self.talk_at = now + answer.refresh_after * self.rng.uniform(0.9, 1)

    def hear_refusal(self, answer: Answer, now: float) -> None:
        """No seat: somebody who starts the program tries again, or gives up; an open one stays."""
        if self.session:  # it was only another window that asked
            self.try_again(answer, now)
        elif self.state is State.STARTING and (not answer.retryable or self.tries >= self.patience):
            self.did["give up"] += 1
            self.stop()
        elif answer.retryable:
            self.try_again(answer, now)

    def hear_no_refresh(self, answer: Answer, now: float) -> None:
        """The session cannot go on; the program stays open and asks for a new one, or waits."""
        if answer.code in SESSION_IS_GONE:
            self.session = None
            self.talk_at = now + self.rng.uniform(1, FIRST_WAIT)
        else:
            self.try_again(answer, now)

    def hear_of_close(self, answer: Answer, now: float) -> None:
        """The close has arrived, or is kept for later."""
        if answer.retryable:
            self.try_again(answer, now)
            return
        self.unsent_closes.pop(0)
        self.tries = 0
        has_more_to_say = self.unsent_closes or self.state is not State.OFF
        self.talk_at = now if has_more_to_say else None

    def try_again(self, answer: Answer, now: float) -> None:
        """Wait as long as the server asks, longer each time, and not all desktops alike."""
        wait = max(answer.retry_after, min(FIRST_WAIT * 2**self.tries, LONGEST_WAIT))
        self.tries += 1
        self.talk_at = now + wait * self.rng.uniform(1, 1.5)
