"""The tables of history, and the SQL that moves rows there and back."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from licensing.models import ClientSession, Denial
from licensing.models.sessions import EndReason


@dataclass(frozen=True, slots=True)
class Past:
    """A table of history: which model's rows stand in it, by the month of which time."""

    table: str
    model: type[models.Model]
    at: str

    @property
    def columns(self) -> str:
        return ", ".join(str(field.column) for field in self.model._meta.concrete_fields)

    @property
    def names(self) -> dict[str, str]:
        """What its statements name."""
        live = self.model._meta.db_table
        return {"live": live, "past": self.table, "at": self.at, "columns": self.columns}


SESSIONS = Past("licensing_endedsession", ClientSession, "ended_at")
DENIALS = Past("licensing_olddenial", Denial, "last_at")

# One statement, so that a row is in one of the tables whatever happens. Who is at a row just now,
# such as a session that takes a seat again, is passed by.
MOVE = """
    WITH old AS MATERIALIZED (
        SELECT id FROM {live} WHERE account_id {of} AND {at} < %(before)s
        ORDER BY {at} LIMIT %(batch)s FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM {live} live USING old WHERE live.id = old.id RETURNING live.*
    )
    INSERT INTO {past} ({columns}) SELECT {columns} FROM gone
"""
BRING_BACK = """
    WITH found AS (
        DELETE FROM {past} WHERE id = %(session)s RETURNING *
    )
    INSERT INTO {live} ({columns}) SELECT {columns} FROM found RETURNING id
""".format(**SESSIONS.names)
HAS = "SELECT id FROM licensing_endedsession WHERE id = %(session)s"
FORBID_RETURN = f"""
    UPDATE licensing_endedsession SET end_reason = '{EndReason.KEY_REVOKED}'
    WHERE key_id = %(key)s AND end_reason = '{EndReason.RECLAIMED}'
"""
