"""The SQL about a whole pool: its features, how it looks when it gave no seat, what is stale."""

from __future__ import annotations

from licensing.key_rows import HAS_SERIAL_NUMBER, KEY_AND_ALL_OF_IT, KEY_WITH_ITS_LICENCE
from licensing.models.licences import NEVER_STALE
from licensing.statements import (
    CLIENT_IS_ALLOWED,
    HELD_AGAIN_SINCE,
    ID_IS_CLOSED,
    LAST_FREE_SEAT,
    LICENCE_AND_KEY,
    LICENCE_IS_USABLE,
    REFRESH_AFTER,
    SESSION_IS_ALLOWED,
    THIS_SEAT,
)

# That a session makes way for somebody at the door of a full pool: it is of the same person on
# the same machine under another identity, as in an OS session that ended when a terminal server
# restarted, and it has missed a refresh. One that never told a device id may be of any.
SAME_PERSON = "session.person = %(person)s::varchar AND session.machine = %(machine)s::varchar"
SAME_DEVICE = """
    (session.device_id = %(device_id)s::varchar
        OR '' IN (session.device_id, %(device_id)s::varchar))
"""
OWN_ELSEWHERE = f"""
    session.licence_id = licence.id AND session.ended_at IS NULL AND {SAME_PERSON}
    AND session.identity <> %(identity)s::uuid AND {SAME_DEVICE}
"""
SILENT_AT = f"session.refreshed_at + make_interval(secs => 1.5 * {REFRESH_AFTER})"
SILENT = f"{SILENT_AT} <= statement_timestamp()"
MAKES_WAY = f"{OWN_ELSEWHERE} AND {SILENT}"
HOLDS_SEAT = """
    EXISTS (
        SELECT 1 FROM licensing_clientsession
        WHERE licence_id = licence.id AND identity = %(identity)s AND ended_at IS NULL
    )
"""

# The licence is locked, so the count is exact.
TAKE_FEATURE = """
    UPDATE licensing_featureseat SET session_id = %(session)s, held_since = statement_timestamp()
    WHERE id = (
        SELECT id FROM licensing_featureseat
        WHERE licence_feature_id = %(feature)s AND session_id IS NULL LIMIT 1
    ) AND %(seats)s > (
        SELECT count(*) FROM licensing_featureseat
        WHERE licence_feature_id = %(feature)s AND session_id IS NOT NULL
    )
    RETURNING id
"""

# None is free, locked or not, and no session is stale.
ALL_SEATS_ARE_TAKEN = """
    COALESCE(licence.no_stale_before > statement_timestamp(), FALSE) AND NOT EXISTS (
        SELECT 1 FROM licensing_seat WHERE licence_id = licence.id AND session_id IS NULL
    )
"""
DRAINS = "EXISTS (SELECT 1 FROM licensing_seat WHERE licence_id = licence.id AND draining)"
KNOWS_ID = f"""
    EXISTS (SELECT 1 FROM licensing_clientsession WHERE id = %(session)s::uuid) OR {ID_IS_CLOSED}
"""
# How a pool looks to a client that it gave no seat, in the order of looks.Look. Held seats are
# counted only while a pool drains: else a full one holds as many as its limit.
POOL = f"""
    {ALL_SEATS_ARE_TAKEN} AND COALESCE(own.silent_at > statement_timestamp(), TRUE),
    {CLIENT_IS_ALLOWED},
    {HOLDS_SEAT},
    {KNOWS_ID},
    licence.seats,
    CASE
        WHEN {DRAINS}
        THEN (
            SELECT count(*) FROM licensing_seat
            WHERE licence_id = licence.id AND session_id IS NOT NULL
        )
        ELSE licence.seats
    END,
    LEAST(licence.no_stale_before, own.silent_at)
"""
# When the first of the client's own sessions makes way, NULL if it has none elsewhere.
OWN = f"""
    LATERAL (
        SELECT min({SILENT_AT}) AS silent_at
        FROM licensing_clientsession session WHERE {OWN_ELSEWHERE}
    ) own
"""
LOOK = f"SELECT {POOL} FROM licensing_licence licence, {OWN} WHERE id = %(licence)s"
FIND_KEY_AND_LOOK = f"""
    SELECT {POOL}, {KEY_AND_ALL_OF_IT} FROM {KEY_WITH_ITS_LICENCE}, {OWN} WHERE {HAS_SERIAL_NUMBER}
"""


def end_statement(reason: str, which: str, *, beside: str = "") -> str:
    """Ends such sessions and frees their seats, passing by whatever is locked; tells how many
    there were, and whether a seat among them drained."""
    return f"""
        WITH gone AS MATERIALIZED (
            SELECT session.id AS session_id, seat.id AS seat_id, seat.draining
            FROM licensing_clientsession session
            JOIN licensing_seat seat ON seat.session_id = session.id {beside}
            WHERE session.ended_at IS NULL AND seat.session_id IS NOT NULL AND {which}
            LIMIT %(batch)s FOR UPDATE OF session, seat SKIP LOCKED
        ), ended AS (
            UPDATE licensing_clientsession session
            SET ended_at = statement_timestamp(), end_reason = '{reason}'
            FROM gone WHERE session.id = gone.session_id
        ), freed AS (
            UPDATE licensing_seat seat SET session_id = NULL, draining = FALSE
            FROM gone WHERE seat.id = gone.seat_id RETURNING gone.draining
        )
        SELECT count(*), COALESCE(bool_or(draining), FALSE) FROM freed
    """


STALE = "session.reclaim_at <= statement_timestamp() AND NOT seat.draining"
RECLAIM = end_statement("reclaimed", f"{STALE} AND seat.licence_id = ANY(%(licences)s)")
RECLAIM_FROM_LICENCE = end_statement("reclaimed", f"{STALE} AND seat.licence_id = %(licence)s")
# What somebody refreshes meanwhile, and what drains, ends one by one.
ENDS_TOGETHER = """
    NOT seat.draining
    AND GREATEST(session.refreshed_at, session.held_since) <= statement_timestamp()
"""
END_OF_KEY = end_statement("key_revoked", f"session.key_id = %(key)s AND {ENDS_TOGETHER}")
END_OF_LICENCE = end_statement(
    "licence_ended", f"seat.licence_id = %(licence)s AND {ENDS_TOGETHER}"
)

OF_LICENCE = "JOIN licensing_licence licence ON licence.id = %(licence)s"
# Nobody need make way for a client that has a seat again, as by its other window just now.
MAKE_WAY = end_statement("replaced", f"{MAKES_WAY} AND NOT {HOLDS_SEAT}", beside=OF_LICENCE)
MAKE_WAY_IN_FEATURE = end_statement(
    "replaced",
    f"""{MAKES_WAY} AND EXISTS (
        SELECT 1 FROM licensing_featureseat
        WHERE session_id = session.id AND licence_feature_id = %(feature)s
    )""",
    beside=OF_LICENCE,
)

# Refreshes only push reclaim_at on, and a new session starts a full reclaim_after
# away; so until the earliest of today nothing of this licence can be stale.
REMEMBER = f"""
    UPDATE licensing_licence licence
    SET no_stale_before = COALESCE(
        LEAST(
            statement_timestamp() + licence.reclaim_after,
            (
                SELECT min(session.reclaim_at) FROM licensing_clientsession session
                JOIN licensing_seat seat ON seat.session_id = session.id
                WHERE seat.licence_id = licence.id AND seat.session_id IS NOT NULL
            )
        ),
        '{NEVER_STALE.isoformat()}'
    )
    WHERE id = {{which}}
    RETURNING id
"""
REMEMBER_NO_STALE_BEFORE = REMEMBER.format(which="%(licence)s")
REMEMBER_OF_MANY = REMEMBER.format(which="ANY(%(licences)s)")


def put_back_statement(seat: str) -> str:
    """Gives a session that was just released the seat that is found, as if it had kept it.

    Nothing has happened to the session since, and it goes on as it was: its program has not
    been in touch, so its times stay, but for when it took its seat. It may be stale, so the
    licence looks again.
    """
    return f"""
    WITH free AS MATERIALIZED (
        {seat}
    ), session AS (
        UPDATE licensing_clientsession session
        SET ended_at = NULL, end_reason = '', held_since = {HELD_AGAIN_SINCE}
        FROM free, {LICENCE_AND_KEY}
        WHERE session.id = %(session)s AND session.end_reason = 'released'
            AND session.ended_at > clock_timestamp() - %(within)s::interval
            AND session.closed_at IS NULL AND key.id = session.key_id AND key.state <> 'revoked'
            AND licence.id = session.licence_id AND {LICENCE_IS_USABLE} AND {SESSION_IS_ALLOWED}
        RETURNING session.id, session.licence_id
    ), asked_anew AS (
        UPDATE licensing_licence licence SET no_stale_before = NULL
        FROM session WHERE licence.id = session.licence_id
    ), taken AS (
        UPDATE licensing_seat seat SET session_id = session.id
        FROM session, free WHERE seat.id = free.id
    )
    SELECT id FROM session
"""


PUT_BACK_ON_ANY_SEAT = put_back_statement(LAST_FREE_SEAT)
PUT_BACK_ON_SEAT = put_back_statement(THIS_SEAT)
