"""Whether the database could be had back: its last backup, and its log since then."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence

from django.conf import settings
from django.db import connection

from licensing.readiness import Fault
from portal.upkeep import figure_statements

IS_OLD = dt.timedelta(hours=26)


def backup() -> str | Fault:
    """When the last backup was done, as its script marked it."""
    if settings.BACKUP_MARK is None:
        return "BACKUP_MARK names no file by which it could be seen."
    try:
        age = dt.timedelta(seconds=time.time() - settings.BACKUP_MARK.stat().st_mtime)
    except OSError as error:
        return Fault(f"BACKUP_MARK: {error.strerror}.", "Let the script of backups touch it.")
    if age > IS_OLD:
        hours = age.total_seconds() // 3600
        return Fault(f"The last backup was done {hours:.0f} hours ago.", "Look at its script.")
    return f"The last was done {age.total_seconds() // 3600:.0f} hours ago."


def archive() -> str | Fault:
    """Whether PostgreSQL's log is archived, so that any moment can be had back."""
    with connection.cursor() as cursor:
        cursor.execute(figure_statements.ARCHIVE)
        return told(cursor.fetchall())


def told(archived: Sequence[tuple[float | None, bool]]) -> str | Fault:
    """What PostgreSQL says of its archive, in words: no row where there is none."""
    if not archived:
        return "The log is not archived: what came after the last backup would be lost."
    [(at, fails)] = archived
    if fails:
        return Fault(
            "PostgreSQL cannot archive its log: its disk fills up, and no moment since is safe.",
            "PostgreSQL's log says why archive_command or archive_library fails.",
        )
    if at is None:
        return "The log is archived; no segment was full yet."
    return f"The log is archived, last {max(0.0, time.time() - at):.0f} s ago."
