"""The standby: a copy of the database that answers for lists, use over time and files.

Only what is asked within ``read`` is asked of it, and only while it is known to lack no more than
the last STANDBY_LAG seconds. What is written, what is read in a transaction, and what somebody
reads who has just acted, the primary is asked for; it takes over unseen when the standby is away.
"""

from __future__ import annotations

import datetime as dt
import functools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import structlog
from django.apps import apps
from django.conf import settings
from django.db import (
    DEFAULT_DB_ALIAS,
    Error,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connections,
)
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from psycopg.errors import QueryCanceled

logger = structlog.get_logger(__name__)

ALIAS = "standby"
LOOKED_AT_EVERY = 1
"""Seconds for which a process believes what it found out about the standby's lag."""
LEFT_ALONE = 10
"""Seconds for which one that does not answer is not asked."""

is_asked: ContextVar[bool] = ContextVar("is_asked", default=False)
may_be_late: ContextVar[bool] = ContextVar("may_be_late", default=True)


class Router:
    """Leads what is read within ``read`` to the standby, and all else to the primary."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """Where rows are read."""
        return alias()

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """Where rows are written, and locked, whichever database they were read from."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        """Rows of both are rows of one database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """What changes on the primary changes on the standby by itself."""
        return db == DEFAULT_DB_ALIAS


def alias() -> str:
    """The database that is read now."""
    in_transaction = connections[DEFAULT_DB_ALIAS].in_atomic_block
    return ALIAS if is_asked.get() and not in_transaction else DEFAULT_DB_ALIAS


def connection() -> BaseDatabaseWrapper:
    """The connection by which statements of our own read."""
    return connections[alias()]


@contextmanager
def nothing_late() -> Iterator[None]:
    """Read everything from the primary: for who has just acted, and has to see it."""
    token = may_be_late.set(False)
    try:
        yield
    finally:
        may_be_late.reset(token)


def read[T](look: Callable[[], T], *, after: Model | None = None) -> T:
    """What ``look`` finds, which may be asked twice: where the standby fails, of the primary.

    With a row ``after``, the standby is asked only if it has that row, and so all that had
    happened before it.
    """
    if is_asked.get() or not may_be_asked() or not (after is None or has(after)):
        return look()
    token = is_asked.set(True)
    try:
        return look()
    except (OperationalError, InterfaceError, ProgrammingError) as error:
        if isinstance(error.__cause__, QueryCanceled):  # it takes too long on either
            raise
        freshness.leave_alone(error)
    finally:
        is_asked.reset(token)
    return look()


def answers[**Of, T](view: Callable[Of, T]) -> Callable[Of, T]:
    """Decorator: all that a view asks for may be read from the standby."""

    @functools.wraps(view)
    def answer(*args: Of.args, **kwargs: Of.kwargs) -> T:
        return read(lambda: view(*args, **kwargs))

    return answer


def may_be_asked() -> bool:
    """Whether there is a standby that is fresh enough for whoever reads now."""
    return (
        ALIAS in connections
        and may_be_late.get()
        and not connections[DEFAULT_DB_ALIAS].in_atomic_block
        and freshness.is_enough()
    )


def has(row: Model) -> bool:
    """Whether the standby has a row."""
    try:
        return type(row)._base_manager.using(ALIAS).filter(pk=row.pk).exists()
    except Error as error:
        freshness.leave_alone(error)
        return False


class Freshness:
    """What this process knows of the standby's lag, found out once a second at most."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.until = 0.0
        self.enough: bool | None = None

    def is_enough(self) -> bool:
        """Whether it lacks no more than it may. Who comes while one looks believes the last."""
        if time.monotonic() >= self.until and self.lock.acquire(blocking=False):
            try:
                self.look()
            finally:
                self.lock.release()
        return bool(self.enough)

    def look(self) -> None:
        """Find it out."""
        try:
            late = behind()
            enough = late is not None and late <= settings.STANDBY_LAG
            wrong = mistaken() if enough and not self.enough else None
        except Error as error:
            self.leave_alone(error)
        else:
            if wrong:
                self.note(False, LEFT_ALONE, wrong=wrong)
            else:
                self.note(enough, LOOKED_AT_EVERY, behind=str(late))

    def leave_alone(self, error: Error) -> None:
        """Ask it nothing for a while: it is away, or broken."""
        connections[ALIAS].close()
        self.note(False, LEFT_ALONE, error=type(error).__name__)

    def note(self, enough: bool, seconds: float, **seen: str) -> None:
        """Keep it, and log when it is news."""
        if enough != self.enough:
            logger.info("standby_read") if enough else logger.warning("standby_left", **seen)
        self.enough, self.until = enough, time.monotonic() + seconds


freshness = Freshness()

WHICH = "SELECT system_identifier, current_database() FROM pg_control_system()"
UNREADABLE = """
    SELECT name FROM unnest(%s::text[]) AS name
    WHERE has_table_privilege(to_regclass(name), 'SELECT') IS NOT TRUE ORDER BY name LIMIT 1
"""


def mistaken() -> str | None:
    """Why what REPORTS_DATABASE_URL names can't answer for the primary, however fresh it is."""
    server, database = found(DEFAULT_DB_ALIAS, WHICH)
    server_there, database_there = found(ALIAS, WHICH)
    if server_there != server:
        return "It is no copy of the PostgreSQL that DATABASE_URL names."
    if database_there != database:
        return f"It names the database {database_there}, and DATABASE_URL {database}."
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.managed]
    unreadable = found(ALIAS, UNREADABLE, [tables])
    return f"Its user may not read {unreadable[0]}, or it is not there." if unreadable else None


def found(database: str, sql: str, values: list[Any] | None = None) -> Any:
    """The first row that a statement finds on one of the two; None where it finds none."""
    with connections[database].cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


OF_PRIMARY = "SELECT pg_current_wal_insert_lsn()::text, clock_timestamp()"
OF_STANDBY = """
    SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn, pg_last_xact_replay_timestamp()
    WHERE pg_is_in_recovery()
"""


def behind() -> dt.timedelta | None:
    """How much of the time until now the standby lacks; None where it can't be told.

    Both times are the primary's. One that was cut off from the primary says of itself that
    nothing is missing, so it is held against what the primary has written.
    """
    written, now = found(DEFAULT_DB_ALIAS, OF_PRIMARY)
    has_all, replayed_at = found(ALIAS, OF_STANDBY, [written]) or (False, None)
    if has_all:
        return dt.timedelta(0)
    return now - replayed_at if replayed_at else None
