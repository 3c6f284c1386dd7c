"""The SQL by which what programs told of licences becomes another account's."""

from __future__ import annotations

from licensing.history_statements import DENIALS, SESSIONS
from licensing.models import ClientSession, Denial
from licensing.statements import SESSION_IS_ALLOWED, not_barred

LIVE_SESSIONS, LIVE_DENIALS = ClientSession._meta.db_table, Denial._meta.db_table
MOVE = """
    UPDATE {table} SET account_id = %(new)s
    WHERE account_id = %(old)s AND licence_id = ANY(%(licences)s)
"""
# A session may come back from history, or move there, meanwhile: the tables of today are asked
# before and after those.
MOVES = tuple(
    MOVE.format(table=table)
    for live, past in ((LIVE_SESSIONS, SESSIONS.table), (LIVE_DENIALS, DENIALS.table))
    for table in (live, past, live)
)
FOLLOW = """
    UPDATE {table} denial SET account_id = licence.account_id
    FROM licensing_licence licence, licensing_account merged
    WHERE denial.account_id = merged.id AND merged.merged_into_id IS NOT NULL
        AND licence.id = denial.licence_id AND licence.account_id <> denial.account_id
"""
FOLLOWS = tuple(FOLLOW.format(table=table) for table in (LIVE_DENIALS, DENIALS.table))

# Whom the other account's own rules would bar, of those whom none bars now.
BARRED = f"""
    SELECT count(*) FROM licensing_clientsession session
    JOIN licensing_licence licence ON licence.id = session.licence_id
    WHERE session.account_id = %(old)s AND session.ended_at IS NULL AND {SESSION_IS_ALLOWED}
        AND NOT {not_barred("session.person", "session.machine", "IN (%(old)s, %(new)s)")}
"""
