"""Turns: everything outside is asked in one, which ends in time, whatever stands there does.

Who stands at the other end may be silent, slow, without end, or lead into our network. So
everything goes by turns. A turn has a limit of time, in which all that is asked during it has
to be answered whole. Of those that people wait for a process has one at a time: while a request
waits for an answer the others of the process serve everybody else.
"""

from __future__ import annotations

import contextlib
import math
import socket
import threading
import time
from collections.abc import Iterator
from contextvars import ContextVar

from django.core.cache import cache

from portal.outbound.unanswered import Busy, Cause, Resting, Unanswered

AT_ONCE = 1
"""Turns that a process has for those who wait; it has more threads (``WEB_THREADS``)."""
LONGEST = 8
"""Seconds of a turn."""
UNHURRIED = 2
"""Seconds of a turn after which it counts as slow."""

_free_turns = threading.BoundedSemaphore(AT_ONCE)
_turn: ContextVar[Turn | None] = ContextVar("turn", default=None)


class Turn:
    """Somebody's time to ask outside."""

    def __init__(self, seconds: float) -> None:
        self.began_at, self.seconds = time.monotonic(), seconds
        self.watches: list[tuple[threading.Timer, socket.socket]] = []

    def taken(self) -> float:
        """The seconds since it began."""
        return time.monotonic() - self.began_at

    def left(self) -> float:
        """The seconds until its end. Raise Unanswered when it is over."""
        if (left := self.seconds - self.taken()) <= 0:
            raise Unanswered(Cause.TOO_SLOW)
        return left

    def watch(self, connection: socket.socket) -> None:
        """Cut the connection off at the end: else each byte would begin its time anew."""
        twin = connection.dup()  # the connection itself will be hidden in that of TLS
        timer = threading.Timer(self.left(), cut_off, [twin])
        timer.daemon = True
        timer.start()
        self.watches.append((timer, twin))

    def end(self) -> None:
        """Watch no longer."""
        for timer, twin in self.watches:
            timer.cancel()
            timer.join()
            twin.close()


def cut_off(connection: socket.socket) -> None:
    """End a connection, by whichever thread it is being read."""
    with contextlib.suppress(OSError):  # it has ended already
        connection.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def turn(account_id: int | None = None) -> Iterator[Turn]:
    """The turn to ask outside, for an account's provider if one is named; raise Busy.

    A slow provider rests for as long as it took, in all processes, so that it leaves turns to
    others. Within a turn this is the same turn.
    """
    if running := _turn.get():
        yield running
        return
    rest = f"outbound:rest:{account_id}"
    if account_id and (ends_at := cache.get(rest)):
        raise Resting(max(1, math.ceil(ends_at - time.time())))
    if not _free_turns.acquire(blocking=False):
        raise Busy
    try:
        with lasting(LONGEST) as mine:
            yield mine
    finally:
        _free_turns.release()
        if account_id and mine.taken() > UNHURRIED:
            cache.set(rest, time.time() + mine.taken(), timeout=math.ceil(mine.taken()))


@contextlib.contextmanager
def lasting(seconds: float) -> Iterator[Turn]:
    """A turn beside all others, for workers: nobody waits for their answers."""
    mine = Turn(seconds)
    before = _turn.set(mine)
    try:
        yield mine
    finally:
        _turn.reset(before)
        mine.end()


def current() -> Turn:
    """The turn that is on: nothing outside is asked without one."""
    mine = _turn.get()
    assert mine is not None
    return mine
