"""Prepared statements on the thread's own connection: one alone, or several with one commit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import psycopg
from django.conf import settings
from django.db import OperationalError, connection, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg.errors import LockNotAvailable
from psycopg.pq import TransactionStatus

from licensing import carried

Row = tuple[Any, ...]
Values = Mapping[str, Any]

LOCK_MILLISECONDS = 10
"""How long what a thread does that carries calls waits for a row that somebody else has."""
FEW_ROWS = dict.fromkeys(("enable_hashjoin", "enable_mergejoin", "enable_seqscan"), "off")
"""What is asked for together is found by indexes, row by row. PostgreSQL takes it for a hundred
rows, and would read all licences of some hundred, or sort and hash them, each time."""
LONG_WAY_MILLISECONDS = 50
"""How long a call on the long way waits for such a row, before it is put off."""
SET = """
    SELECT set_config(name, value, %(only_here)s)
    FROM unnest(%(names)s::text[], %(values)s::text[]) told (name, value)
"""
"""Sets what a thread works with, on its connection or for this transaction only."""


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
        cursor, control = cursors.on(connection.connection, 2)
        if cursors.set_each_time:
            with as_set(control):
                cursor.execute(statement, values, prepare=True, binary=True)
        else:
            cursor.execute(statement, values, prepare=True, binary=True)
    return cursor


@contextmanager
def as_djangos(alias: str = "default") -> Iterator[psycopg.Connection[Any]]:
    """Let Django's own statements on this connection be prepared too, which it is given.

    Those that come five times are: their values go beside them, not in them. For a few statements
    of half a dozen joins that come again and again, and which any plan suits.
    """
    connections[alias].ensure_connection()
    raw = connections[alias].connection
    before, raw.cursor_factory = raw.cursor_factory, ServerBindingCursor
    try:
        yield raw
    finally:
        raw.cursor_factory = before


def fetch_each(asked: Sequence[tuple[str, Values]]) -> list[list[Row]]:
    """The rows of each statement, once all of them are committed by one commit.

    They go to PostgreSQL together, and their rows come back together. When one fails, or waits
    for what somebody else has locked, all do, and nothing has happened.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        control, *used = cursors.on(connection.connection, 1 + len(asked))
        is_one = len(asked) > 1 or cursors.set_each_time
        with one_commit(control) if is_one else nullcontext():
            for cursor, (statement, values) in zip(used, asked, strict=True):
                cursor.execute(statement, values, prepare=True, binary=True)
        return [cursor.fetchall() for cursor in used]


@contextmanager
def one_commit(control: psycopg.Cursor[Row]) -> Iterator[None]:
    """A pipeline on the cursor's connection that is a transaction.

    PostgreSQL would make one of it by itself, but a commit that fails then comes as an answer
    that psycopg does not expect, and the connection is lost.
    """
    try:
        with control.connection.pipeline():
            control.execute("BEGIN")
            if cursors.set_each_time:
                cursors.set_on(control)
            yield
            control.execute("COMMIT")
    except BaseException:
        control.connection.rollback()
        raise


@contextmanager
def as_set(control: psycopg.Cursor[Row]) -> Iterator[None]:
    """What the thread works with is set here, in the transaction that is open or one of its own."""
    if control.connection.pgconn.transaction_status == TransactionStatus.IDLE:
        with one_commit(control):
            yield
        return
    cursors.set_on(control)
    yield


class HotCursors(threading.local):
    """Cursors per thread, as Django keeps a connection per thread: making one costs a third
    of what a statement costs us."""

    connection: psycopg.Connection[Any] | None = None
    settings: Mapping[str, str] = {}
    """What is set on the thread's connection."""
    gives_up = False
    """Whether a call is given up, to be made again, when that was not long enough."""

    def on(self, wanted: psycopg.Connection[Any], number: int = 1) -> Sequence[psycopg.Cursor[Row]]:
        """So many of the thread's cursors on this connection, which may be a new one."""
        if self.connection is not wanted:
            self.connection, self.kept = wanted, [psycopg.Cursor(wanted)]
            if self.settings and not settings.DATABASE_POOLED:
                self.set_on(self.kept[0])
        while len(self.kept) < number:
            self.kept.append(psycopg.Cursor(wanted))
        return self.kept[:number]

    @property
    def set_each_time(self) -> bool:
        """Whether it is set in each transaction, for the connection is others' between two."""
        return bool(self.settings) and settings.DATABASE_POOLED

    def set_on(self, cursor: psycopg.Cursor[Row]) -> None:
        """Set it."""
        told = {"names": [*self.settings], "values": [*self.settings.values()]}
        cursor.execute(SET, told | {"only_here": settings.DATABASE_POOLED}, prepare=True)


cursors = HotCursors()


def carry_calls() -> None:
    """Let this thread carry calls: its statements wait for nobody's rows, and those of the calls
    themselves are for threads of their own."""
    cursors.settings = {"lock_timeout": f"{LOCK_MILLISECONDS}", **FEW_ROWS}
    connection.execute_wrappers.append(carried.on_own_thread)


def wait_shortly() -> None:
    """Let this thread make calls on the long way: none keeps it for what somebody has locked."""
    cursors.settings = {"lock_timeout": f"{LONG_WAY_MILLISECONDS}"}
    cursors.gives_up = True
    connection.execute_wrappers.append(or_later)


def or_later(execute: Callable[..., Any], *args: Any) -> Any:
    """Runs a statement of Django's, in a thread that waits shortly (see ``execute_wrappers``)."""
    with later_where_locked():
        if cursors.set_each_time and connection.in_atomic_block:
            cursors.set_on(cursors.on(connection.connection)[0])
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
