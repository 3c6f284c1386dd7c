"""Several calls carried by one thread, so that the statements they ask for go together.

Threads that wait for each other cost more than what they wait for: each is woken, and wants the
interpreter, for every answer. So the web server hands the hot calls that arrived together to one
thread. It runs each in a greenlet until that asks for a statement which goes with others, runs
all of these with one commit, and lets each go on with its row. A call that wants anything else of
the database, or whose statement went wrong, takes the long way: it is run again by a thread of
its own. Nothing was done for it by then.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import structlog
from greenlet import getcurrent, greenlet

logger = structlog.get_logger(__name__)

Call = Callable[[], None]


class LongWay(BaseException):
    """A call is given up here, for a thread of its own to run it from the start; or if it is there
    already and met what somebody has locked, to be run again a moment later."""


class Asked(Protocol):
    """A statement, once it was answered with its row."""

    @property
    def is_answered(self) -> bool: ...
    @property
    def row(self) -> Any: ...


class Group(Protocol):
    """Statements that go together."""

    def run_carried(self, batch: Sequence[Any]) -> None:
        """Answer them, but for those that have to run alone. Raise nothing, and wait for nobody."""


class Carried(greenlet):
    """Makes one call after the other, beside others: a new one for each costs a tenth of it."""

    call: Call
    asks: tuple[Group, Asked] | None = None
    is_begun = False
    """Whether something was done for the call, so that it cannot be run again."""
    takes_long_way = False

    def begin(self, call: Call) -> Carried:
        """Make this call, once it is switched to."""
        self.call, self.is_begun, self.takes_long_way = call, False, False
        return self

    def run(self) -> None:
        """Make calls. What one raises is its own."""
        assert self.parent
        while True:
            try:
                self.call()
            except LongWay:
                self.takes_long_way = True
            except Exception:
                logger.exception("carried_call_failed")
            self.parent.switch()


class Idle(threading.local):
    """The thread's greenlets that are done with their call."""

    def __init__(self) -> None:
        self.greenlets: list[Carried] = []

    def take(self) -> Carried:
        """One of them, or a new one."""
        return self.greenlets.pop() if self.greenlets else Carried()


idle = Idle()


def carry(calls: Sequence[Call]) -> list[bool]:
    """Make the calls at once; tell of each whether it has to take the long way."""
    carried = [idle.take().begin(call) for call in calls]
    under_way = carried
    while under_way:
        for one in under_way:
            one.switch()
        under_way = [one for one in under_way if one.asks]
        answer(under_way)
    idle.greenlets += carried
    return [one.takes_long_way for one in carried]


def answer(asking: Sequence[Carried]) -> None:
    """Run what they ask for, group by group."""
    batches: dict[Group, list[Asked]] = {}
    for group, asked in filter(None, (one.asks for one in asking)):
        batches.setdefault(group, []).append(asked)
    for group, batch in batches.items():
        group.run_carried(batch)


def is_carried() -> bool:
    """Whether what runs now is carried beside others, and so may not wait by itself."""
    return isinstance(getcurrent(), Carried)


def ask(group: Group, asked: Asked) -> Any:
    """The statement's row, once it has run with what the others ask for.

    For what is carried only. Raise LongWay when it was not answered.
    """
    mine = getcurrent()
    assert isinstance(mine, Carried)
    assert mine.parent
    mine.asks = group, asked
    mine.parent.switch()
    mine.asks = None
    if not asked.is_answered:
        raise LongWay
    mine.is_begun = mine.is_begun or asked.row is not None
    return asked.row


def require_own_thread() -> None:
    """Raise LongWay where a call that is carried would make the others wait."""
    mine = getcurrent()
    if isinstance(mine, Carried) and not mine.is_begun:
        raise LongWay


def on_own_thread(execute: Callable[..., Any], *args: Any) -> Any:
    """Runs a statement of Django's, in a thread that carries calls (see ``execute_wrappers``)."""
    require_own_thread()
    return execute(*args)
