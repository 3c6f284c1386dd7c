"""Prepared statements on the thread's own connection: one alone, or several with one commit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from licensing import carried

Row = tuple[Any, ...]
Values = Mapping[str, Any]

LOCK_MILLISECONDS = 10
"""How long statements with one commit wait for a row that somebody else has, before they fail."""
LONG_WAY_MILLISECONDS = 50
"""How long a call on the long way waits for such a row, before it is put off."""
LIMIT_WAITING = f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}"


def fetch_one(statement: str, values: Values) -> Row | None:
    """The statement's first row, or None."""
    return run(statement, values).fetchone()


def fetch_all(statement: str, values: Values) -> list[Row]:
    """The statement's rows."""
    return run(statement, values).fetchall()


def run(statement: str, values: Values) -> psycopg.Cursor[Row]:
    """The thread's cursor, with what the statement found.

    The statement is prepared once per connection: planning it costs PostgreSQL
    several times what running it does. Django's own cursors never prepare.
    """
    carried.require_own_thread()
    connection.ensure_connection()
    with later_where_locked(), connection.wrap_database_errors:
        cursor = cursors.on(connection.connection)[0]
        cursor.execute(statement, values, prepare=True, binary=True)
    return cursor


def fetch_each(asked: Sequence[tuple[str, Values]]) -> list[Row | None]:
    """The first row of each statement, or None, once all of them are committed by one commit.

    They go to PostgreSQL together, and their rows come back together. When one fails, or waits
    for what somebody else has locked, all do, and nothing has happened.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        control, *used = cursors.on(connection.connection, 1 + len(asked))
        with one_commit(control):
            for cursor, (statement, values) in zip(used, asked, strict=True):
                cursor.execute(statement, values, prepare=True, binary=True)
        return [cursor.fetchone() for cursor in used]


@contextmanager
def one_commit(control: psycopg.Cursor[Row]) -> Iterator[None]:
    """A pipeline on the cursor's connection that is a transaction.

    PostgreSQL would make one of it by itself, but a commit that fails then comes as an answer
    that psycopg does not expect, and the connection is lost.
    """
    try:
        with control.connection.pipeline():
            control.execute("BEGIN")
            control.execute(LIMIT_WAITING)
            yield
            control.execute("COMMIT")
    except BaseException:
        control.connection.rollback()
        raise


class HotCursors(threading.local):
    """Cursors per thread, as Django keeps a connection per thread: making one costs a third
    of what a statement costs us."""

    connection: psycopg.Connection[Any] | None = None
    lock_milliseconds = 0
    """How long the thread's statements wait for what others have locked; 0: as long as it takes."""
    gives_up = False
    """Whether a call is given up, to be made again, when that was not long enough."""

    def on(self, wanted: psycopg.Connection[Any], number: int = 1) -> Sequence[psycopg.Cursor[Row]]:
        """So many of the thread's cursors on this connection, which may be a new one."""
        if self.connection is not wanted:
            self.connection, self.kept = wanted, [psycopg.Cursor(wanted)]
            if self.lock_milliseconds:
                wanted.execute(f"SET lock_timeout = {self.lock_milliseconds}")
        while len(self.kept) < number:
            self.kept.append(psycopg.Cursor(wanted))
        return self.kept[:number]


cursors = HotCursors()


def carry_calls() -> None:
    """Let this thread carry calls: its statements wait for nobody's rows, and those of the calls
    themselves are for threads of their own."""
    cursors.lock_milliseconds = LOCK_MILLISECONDS
    connection.execute_wrappers.append(carried.on_own_thread)


def wait_shortly() -> None:
    """Let this thread make calls on the long way: none keeps it for what somebody has locked."""
    cursors.lock_milliseconds = LONG_WAY_MILLISECONDS
    cursors.gives_up = True
    connection.execute_wrappers.append(or_later)


def or_later(execute: Callable[..., Any], *args: Any) -> Any:
    """Runs a statement of Django's, in a thread that waits shortly (see ``execute_wrappers``)."""
    with later_where_locked():
        return execute(*args)


@contextmanager
def later_where_locked() -> Iterator[None]:
    """Raise LongWay where a statement met what somebody else has locked, in a thread that may."""
    try:
        yield
    except OperationalError as error:
        if cursors.gives_up and isinstance(error.__cause__, LockNotAvailable):
            raise carried.LongWay from error
        raise
