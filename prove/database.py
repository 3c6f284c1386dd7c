"""The final database by plain SQL, and the seats at one moment of the run."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from psycopg.rows import dict_row

from prove.history import Sample

Row = dict[str, Any]
Database = dict[str, list[Row]]

TABLES = {
    "licences": "SELECT id, seats FROM licensing_licence",
    "seats": "SELECT id, licence_id, session_id::text, draining FROM licensing_seat",
    "sessions": """
        SELECT id::text, licence_id, machine_name, username, end_reason,
            extract(epoch FROM started_at)::float8 AS started_at,
            extract(epoch FROM refreshed_at)::float8 AS refreshed_at,
            extract(epoch FROM ended_at)::float8 AS ended_at
        FROM licensing_clientsession
    """,
    "features": """
        SELECT included.id, included.licence_id, included.seats, feature.code
        FROM licensing_licencefeature included
        JOIN licensing_feature feature ON feature.id = included.feature_id
        WHERE included.seats IS NOT NULL
    """,
    "feature_seats": """
        SELECT id, licence_feature_id, session_id::text FROM licensing_featureseat
    """,
    "denials": """
        SELECT licence_id, code, machine_name, username, count,
            extract(epoch FROM folded_from)::float8 AS folded_from
        FROM licensing_denial
    """,
    "audit": """
        SELECT account_id, number, at, actor_kind, actor_id, actor_name, action, object_kind,
            object_id, object_name, reason, details, digest
        FROM licensing_auditentry ORDER BY account_id, number
    """,
}

SEATS = """
    SELECT licence.id, licence.seats, count(seat.id), count(seat.session_id),
        count(*) FILTER (WHERE seat.draining),
        count(*) FILTER (WHERE seat.session_id IS NOT NULL AND (
            session.id IS NULL OR session.ended_at IS NOT NULL
            OR session.licence_id <> licence.id
        )),
        COALESCE(min(active.number), 0)
    FROM licensing_licence licence
    LEFT JOIN licensing_seat seat ON seat.licence_id = licence.id
    LEFT JOIN licensing_clientsession session ON session.id = seat.session_id
    LEFT JOIN (
        SELECT licence_id, count(*) AS number FROM licensing_clientsession
        WHERE ended_at IS NULL GROUP BY licence_id
    ) active ON active.licence_id = licence.id
    GROUP BY licence.id
"""
"""One statement, so one snapshot: a moment between two commits."""


def connect(url: str) -> psycopg.Connection[Any]:
    """A connection that only looks, in UTC."""
    connection = psycopg.connect(url, connect_timeout=5, options="-c TimeZone=UTC")
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    return connection


def dump(url: str) -> Database:
    """Every table that the checker reads, at one moment."""
    with connect(url) as connection, connection.cursor(row_factory=dict_row) as cursor:
        return {name: cursor.execute(query).fetchall() for name, query in TABLES.items()}


def sample(connection: psycopg.Connection[Any]) -> list[Sample]:
    """Every licence's seats at this moment."""
    with connection.transaction():
        rows = connection.execute(SEATS).fetchall()
    at = time.time()
    return [Sample(at, *row) for row in rows]
