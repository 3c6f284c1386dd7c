"""Django's PostgreSQL, but that nobody waits for ever for one that says nothing, and that one which
takes nothing that is written, as it has become a standby, counts as one that is down. So does one
behind a pooler that loses what we prepare.

PostgreSQL itself ends a statement that takes too long. When it does not even say that, its machine
has stopped or is gone, and a thread that waits would be lost to everybody.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base
from psycopg.abc import PQGen
from psycopg.errors import ReadOnlySqlTransaction, _WaitTimeout

from licensing import pooler


class Connection(psycopg.Connection[Any]):
    """A connection that counts as broken when a statement is answered nothing for too long."""

    longest: float | None = settings.SILENT_SECONDS

    def wait[T](self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """What is waited for; raise OperationalError when nothing comes."""
        try:
            return super().wait(gen, interval, timeout or self.longest)
        except _WaitTimeout as silence:
            if timeout:
                raise
            self.pgconn.finish()
            raise psycopg.OperationalError("PostgreSQL is silent.") from silence


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects so."""

    Database = SimpleNamespace(  # type: ignore[assignment] # as good as the module
        **vars(psycopg)
        | {
            "connect": Connection.connect,
            "OperationalError": (psycopg.OperationalError, ReadOnlySqlTransaction, *pooler.LOST),
        }
    )

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection; raise OperationalError where a pooler would lose what is prepared on it."""
        connection = super().get_new_connection(conn_params)
        if settings.DATABASE_POOLED:
            pooler.require_fit(connection)
        return connection

    def is_usable(self) -> bool:
        """Whether it answers, and takes what is written: asked after an error only."""
        return super().is_usable() and not self.is_read_only()

    def is_read_only(self) -> bool:
        """Whether it takes nothing."""
        row = self.connection.execute("SHOW transaction_read_only").fetchone()
        return bool(row[0] == "on")
