"""The SQL about a whole pool: its features, how it looks when it gave no seat, what is stale."""

from __future__ import annotations

from licensing.models.licences import NEVER_STALE
from licensing.statements import CLIENT_IS_ALLOWED, KEY_AND_ALL_OF_IT, WITH_SERIAL_NUMBER

# The licence is locked, so the count is exact.
TAKE_FEATURE = """
    UPDATE licensing_featureseat SET session_id = %(session)s
    WHERE id = (
        SELECT id FROM licensing_featureseat
        WHERE licence_feature_id = %(feature)s AND session_id IS NULL LIMIT 1
    ) AND %(seats)s > (
        SELECT count(*) FROM licensing_featureseat
        WHERE licence_feature_id = %(feature)s AND session_id IS NOT NULL
    )
    RETURNING id
"""

# How a pool looks to a client that it gave no seat, in the order of looks.Look. Held seats are
# counted only while a pool drains: else a full one holds as many as its limit.
POOL = f"""
    COALESCE(licence.no_stale_before > statement_timestamp(), FALSE) AND NOT EXISTS (
        SELECT 1 FROM licensing_seat WHERE licence_id = licence.id AND session_id IS NULL
    ),
    {CLIENT_IS_ALLOWED},
    EXISTS (
        SELECT 1 FROM licensing_clientsession
        WHERE licence_id = licence.id AND identity = %(identity)s AND ended_at IS NULL
    ),
    licence.seats,
    CASE
        WHEN EXISTS (SELECT 1 FROM licensing_seat WHERE licence_id = licence.id AND draining)
        THEN (
            SELECT count(*) FROM licensing_seat
            WHERE licence_id = licence.id AND session_id IS NOT NULL
        )
        ELSE licence.seats
    END,
    licence.no_stale_before
"""
LOOK = f"SELECT {POOL} FROM licensing_licence licence WHERE id = %(licence)s"
FIND_KEY_AND_LOOK = f"SELECT {POOL}, {KEY_AND_ALL_OF_IT} FROM {WITH_SERIAL_NUMBER}"


def reclaim_statement(of_licence: str) -> str:
    """Ends stale sessions and frees their seats, passing by whatever is locked."""
    return f"""
        WITH stale AS MATERIALIZED (
            SELECT session.id AS session_id, seat.id AS seat_id
            FROM licensing_clientsession session
            JOIN licensing_seat seat ON seat.session_id = session.id
            WHERE session.ended_at IS NULL AND session.reclaim_at <= statement_timestamp()
                AND NOT seat.draining {of_licence}
            LIMIT %(batch)s FOR UPDATE OF session, seat SKIP LOCKED
        ), ended AS (
            UPDATE licensing_clientsession session
            SET ended_at = statement_timestamp(), end_reason = 'reclaimed'
            FROM stale WHERE session.id = stale.session_id
        ), freed AS (
            UPDATE licensing_seat seat SET session_id = NULL
            FROM stale WHERE seat.id = stale.seat_id RETURNING seat.id
        )
        SELECT count(*) FROM freed
    """


RECLAIM = reclaim_statement("")
RECLAIM_FROM_LICENCE = reclaim_statement("AND seat.licence_id = %(licence)s")

# Refreshes only push reclaim_at on, and a new session starts a full reclaim_after
# away; so until the earliest of today nothing of this licence can be stale.
REMEMBER_NO_STALE_BEFORE = f"""
    UPDATE licensing_licence licence
    SET no_stale_before = COALESCE(
        LEAST(
            statement_timestamp() + licence.reclaim_after,
            (
                SELECT min(session.reclaim_at) FROM licensing_clientsession session
                JOIN licensing_seat seat ON seat.session_id = session.id
                WHERE seat.licence_id = licence.id
            )
        ),
        '{NEVER_STALE.isoformat()}'
    )
    WHERE id = %(licence)s
    RETURNING id
"""
