"""The SQL of the hot calls: how a session is opened, kept and given back, and its key found.

Each seat is taken, kept or given back by one statement, so that the database's
clock and the rows it judges belong together, and so that a web worker waits for
one round trip. Times are ``statement_timestamp()``: a transaction may have waited
for a lock.
"""

from __future__ import annotations

from licensing.models import intervals

FREE_SEAT = """
    SELECT id FROM licensing_seat WHERE licence_id = %(licence)s AND session_id IS NULL
    LIMIT 1 FOR UPDATE SKIP LOCKED
"""
FREE_SEAT_OF_KEY = """
    SELECT id FROM licensing_seat
    WHERE session_id IS NULL AND licence_id = (
        SELECT licence_id FROM licensing_productkey
        WHERE serial_number = %(serial_number)s::varchar AND digest = %(digest)s::bytea
    )
    LIMIT 1 FOR UPDATE SKIP LOCKED
"""
LAST_FREE_SEAT = """
    SELECT id FROM licensing_seat WHERE licence_id = %(licence)s AND session_id IS NULL
    LIMIT 1 FOR UPDATE
"""
THIS_SEAT = """
    SELECT id FROM licensing_seat
    WHERE id = %(seat)s AND licence_id = %(licence)s AND session_id IS NULL
    FOR UPDATE
"""

# That a key opens new sessions; those it opened go on whatever becomes of it. The clock's
# own time, for the statement may have waited while the key was replaced (see keys.lock).
KEY_OPENS = """
    (key.state = 'active' OR (
        key.state = 'superseded' AND key.superseded_at > clock_timestamp()
    ))
"""
# What is true of a session from now on. The lease ends with the grace period and
# never outlives the licence's term.
GRACE_UNTIL = """
    LEAST(
        statement_timestamp() + licence.grace_period,
        (licence.ends_on + 1)::timestamp AT TIME ZONE account.time_zone
    )
"""
RECLAIM_AT = "statement_timestamp() + licence.reclaim_after"
LICENCE_IS_USABLE = """
    licence.state = 'active'
    AND (statement_timestamp() AT TIME ZONE account.time_zone)::date
        BETWEEN COALESCE(licence.starts_on, '-infinity')
            AND COALESCE(licence.ends_on, 'infinity')
"""


def not_barred(person: str, machine: str, accounts: str = "= licence.account_id") -> str:
    """That no access rule keeps this person or machine from the licence: a block beats an allow.

    ``accounts``: whose rules are asked.
    """
    return f"""
        NOT COALESCE((
            SELECT bool_or(rule.effect = 'block' AND matches) OR (
                bool_or(rule.effect = 'allow') AND NOT bool_or(rule.effect = 'allow' AND matches)
            )
            FROM licensing_accessrule rule,
                LATERAL (
                    SELECT {person} LIKE rule.person_like AND {machine} LIKE rule.machine_like
                        AS matches
                ) compared
            WHERE rule.account_id {accounts}
                AND (rule.licence_id IS NULL OR rule.licence_id = licence.id)
                AND rule.starts_at <= statement_timestamp()
                AND (rule.ends_at IS NULL OR rule.ends_at > statement_timestamp())
        ), FALSE)
    """


CLIENT_IS_ALLOWED = not_barred("%(person)s::varchar", "%(machine)s::varchar")
SESSION_IS_ALLOWED = not_barred("session.person", "session.machine")
IS_ALLOWED = f"""
    SELECT {CLIENT_IS_ALLOWED} FROM licensing_licence licence WHERE id = %(licence)s
"""
BARRED = f"""
    SELECT COALESCE(array_agg(session.id), '{{}}') FROM licensing_clientsession session
    JOIN licensing_licence licence ON licence.id = session.licence_id
    WHERE session.id = ANY(%(sessions)s) AND NOT ({SESSION_IS_ALLOWED})
"""
# What everybody with the licence has, and the limited features that this session holds.
FEATURES = """
    ARRAY(
        SELECT feature.code FROM licensing_licencefeature included
        JOIN licensing_feature feature ON feature.id = included.feature_id
        WHERE included.licence_id = session.licence_id AND (
            included.seats IS NULL OR EXISTS (
                SELECT 1 FROM licensing_featureseat feature_seat
                WHERE feature_seat.session_id = session.id
                    AND feature_seat.licence_feature_id = included.id
            )
        )
        ORDER BY feature.code
    )
"""
REFRESH_AFTER = intervals.seconds("licence.grace_period, licence.reclaim_after")
GRANT = f"""
    session.id, session.machine_name, session.username, session.grace_until,
    session.refreshed_at, key.serial_number, licence.name, licence.usage_model,
    licence.ends_on, product.code, {FEATURES}, {REFRESH_AFTER}::int, key.account_id
"""
LICENCE_AND_KEY = """
    licensing_licence licence
    JOIN licensing_account account ON account.id = licence.account_id
    JOIN licensing_product product ON product.id = licence.product_id,
    licensing_productkey key
"""

KEY_IS_KNOWN = "key.id = %(key)s AND licence.id = %(licence)s"
# All that authenticate() and require_usable() ask for, for a client that names no features.
# What is not true here is asked for there, which also tell what it was.
KEY_IS_PROVEN = """
    key.serial_number = %(serial_number)s::varchar AND key.digest = %(digest)s::bytea
    AND licence.id = key.licence_id AND licence.usage_model = 'concurrent'
    AND %(product)s::varchar IN ('', product.code)
    AND %(version_numbers)s::numeric[] >= string_to_array(product.minimum_version, '.')::numeric[]
"""

ID_IS_CLOSED = """
    EXISTS (
        SELECT 1 FROM licensing_closedid
        WHERE session_id = %(session)s::uuid AND licence_id = licence.id
    )
"""


def on_one_line(statement: str) -> str:
    """The statement without needless blanks: psycopg remembers how to send up to 4 KiB of text."""
    return " ".join(statement.split())


def open_session_statement(seat: str, key_condition: str) -> str:
    """Opens a session on the seat that is found, with a key that meets the condition.

    Its account is the key's: what waited for the key's row reads it anew, and nothing else, so a
    licence that another account got meanwhile has no session that is left behind.

    No row where its client has one already, or where there has been one of the id that the
    client made, or the client has closed it already.
    """
    return on_one_line(f"""
        WITH free AS MATERIALIZED (
            {seat}
        ), session AS (
            INSERT INTO licensing_clientsession (
                id, account_id, licence_id, key_id, identity, machine_name, username, os_session,
                device_id, machine, person, version, features, started_at, refreshed_at,
                grace_until, reclaim_at, end_reason
            )
            SELECT
                %(session)s::uuid, key.account_id, licence.id, key.id,
                %(identity)s::uuid, %(machine_name)s::varchar, %(username)s::varchar,
                %(os_session)s::varchar, %(device_id)s::varchar, %(machine)s::varchar,
                %(person)s::varchar, %(version)s::varchar, %(features)s::varchar[],
                statement_timestamp(), statement_timestamp(), {GRACE_UNTIL}, {RECLAIM_AT}, ''
            FROM free, {LICENCE_AND_KEY}
            WHERE {key_condition} AND {KEY_OPENS} AND {LICENCE_IS_USABLE} AND {CLIENT_IS_ALLOWED}
                AND NOT {ID_IS_CLOSED}
            FOR KEY SHARE OF key
            ON CONFLICT DO NOTHING
            RETURNING id, licence_id, key_id, machine_name, username, grace_until, refreshed_at
        ), taken AS (
            UPDATE licensing_seat seat SET session_id = session.id
            FROM session, free WHERE seat.id = free.id AND session.id = %(session)s::uuid
        )
        SELECT {GRANT} FROM session, {LICENCE_AND_KEY}
        WHERE licence.id = session.licence_id AND key.id = session.key_id
    """)


OPEN_SESSION = open_session_statement(FREE_SEAT, KEY_IS_KNOWN)
OPEN_SESSION_ON_LAST_SEAT = open_session_statement(LAST_FREE_SEAT, KEY_IS_KNOWN)
OPEN_SESSION_ON_SEAT = open_session_statement(THIS_SEAT, KEY_IS_KNOWN)
OPEN_SESSION_WITH_KEY = open_session_statement(FREE_SEAT_OF_KEY, KEY_IS_PROVEN)


# A trigger keeps the hold that ended; the next begins no earlier, whatever became of the clock.
HELD_AGAIN_SINCE = "GREATEST(statement_timestamp(), session.ended_at)"


def return_statement(seat: str) -> str:
    """Gives a reclaimed session the seat that is found."""
    return f"""
    WITH free AS MATERIALIZED (
        {seat}
    ), session AS (
        UPDATE licensing_clientsession session
        SET ended_at = NULL, end_reason = '', held_since = {HELD_AGAIN_SINCE},
            refreshed_at = statement_timestamp(), grace_until = {GRACE_UNTIL},
            reclaim_at = {RECLAIM_AT}
        FROM free, licensing_licence licence
        JOIN licensing_account account ON account.id = licence.account_id
        WHERE session.id = %(session)s AND session.end_reason = 'reclaimed'
            AND licence.id = session.licence_id AND {LICENCE_IS_USABLE}
            AND {SESSION_IS_ALLOWED}
        RETURNING session.*
    ), taken AS (
        UPDATE licensing_seat seat SET session_id = session.id
        FROM session, free WHERE seat.id = free.id
    )
    SELECT {GRANT} FROM session, {LICENCE_AND_KEY}
    WHERE licence.id = session.licence_id AND key.id = session.key_id
"""


RETURN_TO_ANY_SEAT = return_statement(LAST_FREE_SEAT)
RETURN_TO_SEAT = return_statement(THIS_SEAT)


def refresh_statement(changes: str, which: str, *, beside: str = "") -> str:
    """Renews the session where nothing stands against it."""
    return f"""
        UPDATE licensing_clientsession session
        SET refreshed_at = statement_timestamp(), grace_until = {GRACE_UNTIL},
            reclaim_at = {RECLAIM_AT}, {changes}
        FROM {beside}{LICENCE_AND_KEY}
        WHERE {which} AND session.ended_at IS NULL AND licence.id = session.licence_id
            AND {LICENCE_IS_USABLE} AND {SESSION_IS_ALLOWED}
        RETURNING {GRANT}
    """


VERSION_IF_TOLD = "version = COALESCE(%(version)s, session.version)"
THIS_SESSION = "session.id = %(session)s AND key.id = session.key_id"
REFRESH = refresh_statement(VERSION_IF_TOLD, THIS_SESSION)
REFRESH_OF_CLIENT = refresh_statement(
    "version = %(version)s, key_id = %(key)s",
    """
        session.licence_id = %(licence)s AND session.identity = %(identity)s
        AND key.id = %(key)s
    """,
)

# The seat is locked first, as everywhere; a second close waits here and finds nothing. One that
# tells of a time before the session was last heard of finds nothing either: its program has been
# opened again since. Clients know whole seconds. One that tells of an hour before this one is
# noted, for that hour may have been counted.
HELD_SEAT = """
    SELECT id, session_id FROM licensing_seat
    WHERE session_id = %(session)s AND NOT draining FOR UPDATE
"""


def give_back_statement(held: str) -> str:
    """Ends the session on the seat that is found, and frees it."""
    return f"""
        WITH held AS MATERIALIZED (
            {held}
        ), ended AS (
            UPDATE licensing_clientsession session
            SET end_reason = %(reason)s,
                ended_at = GREATEST(
                    session.refreshed_at, session.held_since,
                    LEAST(statement_timestamp(), %(ended_at)s::timestamptz)
                )
            FROM held WHERE session.id = held.session_id AND session.ended_at IS NULL
                AND COALESCE(
                    %(ended_at)s::timestamptz >= date_trunc('second', session.refreshed_at), TRUE
                )
            RETURNING session.id, session.account_id, session.licence_id, session.ended_at
        ), late AS (
            INSERT INTO licensing_latefact (licence_id, since)
            SELECT licence_id, ended_at FROM ended
            WHERE ended_at < date_trunc('hour', statement_timestamp(), 'UTC')
        ), freed AS (
            UPDATE licensing_seat seat SET session_id = NULL
            FROM held, ended WHERE seat.id = held.id AND ended.id = held.session_id
            RETURNING ended.id, ended.account_id
        )
        SELECT id, account_id FROM freed
    """


GIVE_BACK = give_back_statement(HELD_SEAT)
