"""The SQL by which refusals are written down: one row per person, licence, code and ten minutes."""

from __future__ import annotations

from licensing.pool_statements import (
    ALL_SEATS_ARE_TAKEN,
    DRAINS,
    HOLDS_SEAT,
    KNOWS_ID,
    SAME_PERSON,
)
from licensing.statements import (
    CLIENT_IS_ALLOWED,
    KEY_IS_PROVEN,
    KEY_OPENS,
    LICENCE_AND_KEY,
    LICENCE_IS_USABLE,
    on_one_line,
)


def record_statement(refused: str, *, is_licence: str, is_key: str, told: str = "") -> str:
    """Writes down who was refused, if anybody was; tells when, whether by name, and what else.

    Once there is the row that many share, nobody counts again how many are named. It stays locked
    until its commit is on disk, unless the commit does not wait for that: then everybody whom a
    full pool refuses would wait for each other, one disk write each.
    """
    return on_one_line(f"""
        WITH refused AS (
            {refused}
        ), moment AS (
            SELECT statement_timestamp() AS at,
                date_bin('10 minutes', statement_timestamp(), '2000-01-01Z') AS bin
        ), named AS MATERIALIZED (
            SELECT refused.*, moment.*, COALESCE(
                (
                    SELECT bool_or(identity = %(identity)s::uuid) FROM licensing_denial known
                    WHERE known.licence_id {is_licence}
                    AND identity IN (%(identity)s::uuid, %(everybody)s::uuid)
                    AND known.code = refused.code AND folded_from = bin
                ), (
                    SELECT count(*) FROM (
                        SELECT FROM licensing_denial other
                        WHERE other.licence_id {is_licence} AND last_at >= bin
                        AND other.key_id {is_key}
                        AND (other.code = 'key_invalid') = (refused.code = 'key_invalid')
                        LIMIT %(most)s
                    ) recent
                ) < %(most)s
            ) AS is_named
            FROM refused, moment
        ), told AS (
            SELECT *, CASE
                WHEN is_named THEN '' ELSE set_config('synchronous_commit', 'off', TRUE)
            END AS commit FROM named
        ), recorded AS (
            INSERT INTO licensing_denial (
                account_id, licence_id, key_id, code, identity, machine_name, username, version,
                folded_from, count, first_at, last_at, seats, in_use, request_id
            )
            SELECT
                account_id, licence_id, key_id, code,
                CASE WHEN is_named THEN %(identity)s::uuid ELSE %(everybody)s::uuid END,
                CASE WHEN is_named THEN %(machine_name)s ELSE %(somebody)s END,
                CASE WHEN is_named THEN %(username)s ELSE %(somebody)s END,
                %(version)s, bin, 1, at, at, seats, in_use, %(request_id)s
            FROM told WHERE commit IS NOT NULL
            ON CONFLICT (licence_id, identity, code, folded_from) DO UPDATE SET
                count = licensing_denial.count + 1, last_at = EXCLUDED.last_at,
                seats = EXCLUDED.seats, in_use = EXCLUDED.in_use, version = EXCLUDED.version,
                request_id = EXCLUDED.request_id
            RETURNING last_at
        )
        SELECT last_at, is_named {told} FROM recorded, told
    """)


AS_TOLD = """
    SELECT (SELECT account_id FROM licensing_productkey WHERE id = %(key)s::bigint) AS account_id,
        %(licence)s::bigint AS licence_id,
        %(key)s::bigint AS key_id, %(code)s::varchar AS code, %(seats)s::integer AS seats,
        %(in_use)s::integer AS in_use
"""
OF_A_KEY = record_statement(AS_TOLD, is_licence="= %(licence)s", is_key="= %(key)s")
OF_NO_KEY = record_statement(AS_TOLD, is_licence="IS NULL", is_key="IS NULL")

# Nothing but a full pool stands against the client, which names no features. Whoever is at work
# there already on this machine, in any OS session, is looked at more closely elsewhere, as are
# pools that drain and owners who let it be told who holds the seats.
BY_A_FULL_POOL = f"""
    SELECT licence.account_id, key.licence_id, key.id AS key_id,
        'pool_exhausted'::varchar AS code, licence.seats, licence.seats AS in_use,
        no_stale_before, time_zone, contact
    FROM {LICENCE_AND_KEY}
    WHERE key.id = %(key)s::bigint AND {KEY_IS_PROVEN} AND {KEY_OPENS} AND {LICENCE_IS_USABLE}
        AND {ALL_SEATS_ARE_TAKEN} AND NOT {DRAINS} AND NOT {HOLDS_SEAT} AND NOT shows_holders
        AND NOT EXISTS (
            SELECT 1 FROM licensing_clientsession session
            WHERE licence_id = licence.id AND ended_at IS NULL AND {SAME_PERSON}
        ) AND {CLIENT_IS_ALLOWED} AND NOT ({KNOWS_ID})
"""
REFUSE = record_statement(
    BY_A_FULL_POOL,
    is_licence="= refused.licence_id",
    is_key="= refused.key_id",
    told=", seats, no_stale_before, time_zone, contact, account_id",
)

# A commit that waits for the disk, and for all commits before it, in one write with others.
WAIT_FOR_DISK = "SELECT pg_logical_emit_message(TRUE, 'denials', '')"
