"""The SQL of the hot calls for many at once: the text for one, told its values by rows.

The rows come as JSON: it is written and read in a fraction of the time of as many arrays.
"""

from __future__ import annotations

import re

from licensing.statements import (
    KEY_IS_PROVEN,
    THIS_SESSION,
    VERSION_IF_TOLD,
    give_back_statement,
    on_one_line,
    open_session_statement,
    refresh_statement,
)

ROWS = "json_to_recordset(%(rows)s::json)"
TOLD = re.compile(r"%\((?!rows\))(\w+)\)s")


def from_rows(rows: str, statement: str) -> str:
    """The statement, reading from these rows what it is told otherwise."""
    return on_one_line(TOLD.sub(rf"{rows}.\1", statement))


# They wait for nobody: a session that somebody else works on is left out.
ASKED = f"""
    WITH asked AS MATERIALIZED (
        SELECT told.* FROM {ROWS} told (session uuid, version varchar)
        JOIN licensing_clientsession session ON session.id = told.session
        FOR NO KEY UPDATE OF session SKIP LOCKED
    )
"""
HELD_SEATS = f"""
    SELECT seat.id, seat.session_id, told.reason, told.ended_at
    FROM {ROWS} told (session uuid, reason varchar, ended_at timestamptz)
    JOIN licensing_seat seat ON seat.session_id = told.session
    WHERE NOT seat.draining FOR UPDATE OF seat SKIP LOCKED
"""
MOST = 32
"""So many go together at most. PostgreSQL would read every free seat of a pool if it were not told
beforehand that no more are wanted."""
# As many of each pool as are asked for, numbered, so that each who asks has one of its own. Nobody
# counts them: who comes after the last free one is left out.
FREE_SEATS = f"""
    WITH told AS MATERIALIZED (
        SELECT told.*, key.licence_id,
            row_number() OVER (PARTITION BY key.licence_id) AS place
        FROM {ROWS} told (
            session uuid, identity uuid, machine_name varchar, username varchar,
            os_session varchar, device_id varchar, machine varchar, person varchar,
            version varchar, features varchar[], serial_number varchar, digest bytea,
            product varchar, version_numbers numeric[]
        )
        JOIN licensing_productkey key USING (serial_number, digest)
    )
    SELECT told.*, seat.id
    FROM (SELECT licence_id, count(*) AS wanted FROM told GROUP BY licence_id) pool,
        LATERAL (
            SELECT id, row_number() OVER () AS place FROM (
                SELECT id FROM (
                    SELECT id FROM licensing_seat
                    WHERE licence_id = pool.licence_id AND session_id IS NULL
                    LIMIT {MOST} FOR UPDATE SKIP LOCKED
                ) few LIMIT pool.wanted
            ) free
        ) seat
        JOIN told USING (place)
    WHERE told.licence_id = pool.licence_id
"""

REFRESH_MANY = ASKED + from_rows(
    "asked", refresh_statement(VERSION_IF_TOLD, THIS_SESSION, beside="asked,")
)
GIVE_BACK_MANY = from_rows("held", give_back_statement(HELD_SEATS))
OPEN_MANY_WITH_KEY = from_rows("free", open_session_statement(FREE_SEATS, KEY_IS_PROVEN))
