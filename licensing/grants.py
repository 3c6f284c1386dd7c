"""Grants, and how the hot statements that return them are run."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection

from licensing import clock


@dataclasses.dataclass(frozen=True, slots=True)
class Grant:
    """What the server promises a client at one moment; lease and answer are made of it."""

    session_id: uuid.UUID
    machine_name: str
    username: str
    grace_until: dt.datetime
    server_time: dt.datetime
    serial_number: str
    licence_name: str
    usage_model: str
    ends_on: dt.date | None
    product: str
    features: Sequence[str]
    refresh_after: int


def fetch_grant(statement: str, values: Mapping[str, Any]) -> Grant | None:
    """The grant that the statement returns, or None if it matched nothing."""
    row = fetch_row(statement, values)
    if row is None:
        return None
    grant = Grant(*row)
    clock.database.hear(grant.server_time)
    return grant


def fetch_value(statement: str, values: Mapping[str, Any]) -> Any:
    """The first value of the statement's first row, or None."""
    row = fetch_row(statement, values)
    return row[0] if row else None


def fetch_row(statement: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The statement's first row, or None.

    The statement is prepared once per connection: planning it costs PostgreSQL
    several times what running it does. Django's own cursors never prepare.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor = hot.cursor_on(connection.connection)
        cursor.execute(statement, values, prepare=True, binary=True)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


class HotCursor(threading.local):
    """A cursor per thread, as Django keeps a connection per thread: making one costs a third
    of what a statement costs us."""

    cursor: psycopg.Cursor[tuple[Any, ...]] | None = None

    def cursor_on(self, wanted: psycopg.Connection[Any]) -> psycopg.Cursor[tuple[Any, ...]]:
        """The thread's cursor on this connection, which may be a new one."""
        if self.cursor is None or self.cursor.connection is not wanted:
            self.cursor = psycopg.Cursor(wanted)
        return self.cursor


hot = HotCursor()
