"""A pooler before PostgreSQL: whether it lends us connections, and whether they are fit for us."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.errors import DuplicatePreparedStatement, InvalidSqlStatementName

LOSES_PREPARED = "The pooler loses prepared statements."
SEEN = r"""
    SELECT pg_backend_pid(), EXISTS (
        SELECT FROM pg_prepared_statements WHERE name LIKE '\_pg3\_%'
    )
"""
LOST = (InvalidSqlStatementName, DuplicatePreparedStatement)
"""What PostgreSQL says where a statement was prepared on another connection than the lent one."""


def require_fit(connection: psycopg.Connection[Any]) -> None:
    """Raise OperationalError where statements of ours would meet connections that lack them.

    Some would be refused; and one of another process, under the same name, would be run instead.
    """
    if not keeps_prepared(connection):
        connection.close()
        raise psycopg.OperationalError(LOSES_PREPARED)


def keeps_prepared(connection: psycopg.Connection[Any]) -> bool:
    """Whether what lends us PostgreSQL's connections, if anything does, prepares anew on each.

    One that does so has its own names for statements; PostgreSQL must not know any by ours.
    """
    try:
        with connection.transaction(), psycopg.Cursor(connection) as cursor:  # not Django's, which
            cursor.execute("SELECT 1", prepare=True)  # never prepare
            row = cursor.execute(SEEN, prepare=False).fetchone()
    except LOST:
        return False
    answering, knows_ours = row or (0, True)
    return not knows_ours or bool(answering == connection.info.backend_pid)
