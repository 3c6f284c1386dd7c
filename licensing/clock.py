"""The database's time, which decides everywhere, for answers that ask the database nothing."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from django.db import connection
from django.utils import timezone


class DatabaseClock:
    """What the database's clock says now, by what this process last heard of it.

    Until it has heard of it once, the machine's own clock has to do.
    """

    heard: tuple[dt.datetime, float] | None = None

    def hear(self, at: dt.datetime) -> None:
        """Note the time that the database has just told."""
        self.heard = at, time.monotonic()

    def now(self) -> dt.datetime:
        """The database's time; a machine whose clock is set meanwhile changes nothing about it."""
        if self.heard is None:
            return timezone.now()
        at, heard_at = self.heard
        return at + dt.timedelta(seconds=time.monotonic() - heard_at)


database = DatabaseClock()


def database_time() -> Any:
    """The database's time, which decides everywhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]
