"""How the hot statements are run: prepared, on a cursor that each thread keeps."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection


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
        cursor = cursors.cursor_on(connection.connection)
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


cursors = HotCursor()
