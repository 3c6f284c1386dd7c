"""Ids of sessions that are closed before there are any: from then on none is opened."""

from __future__ import annotations

import time
import uuid

import structlog

from licensing import errors
from licensing.hot import fetch_value
from licensing.models import ClosedId, Licence

logger = structlog.get_logger(__name__)

MOST_SECONDS = 2
"""How long a close waits for check-outs; only a far longer change to sessions outlasts it."""
PAUSE_SECONDS = 0.001

# A statement locks the tables that it writes to before it takes its snapshot, and keeps them
# until its transaction ends. So whoever opens a session and does not see what was committed
# before this look is among these.
WRITING_SESSIONS = """
    SELECT array_agg(virtualtransaction) FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'licensing_clientsession'::regclass
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()
"""


def bar(licence: Licence, session_id: uuid.UUID) -> None:
    """Let no session of this id be opened from now on; one that was opened is there to be seen.

    Not within a transaction: others would not see it. Raise ServiceUnavailable when check-outs
    in progress take too long; the id is barred then, and the same call again waits for the rest.
    """
    ClosedId.objects.remember(licence, session_id)
    wait_for_check_outs()


def wait_for_check_outs() -> None:
    """Wait until those that may have begun before now are through, however they end."""
    deadline = time.monotonic() + MOST_SECONDS
    in_progress = writing_sessions()
    while in_progress:
        if time.monotonic() > deadline:
            logger.warning("check_outs_take_long", seconds=MOST_SECONDS)
            raise errors.ServiceUnavailable
        time.sleep(PAUSE_SECONDS)
        in_progress &= writing_sessions()


def writing_sessions() -> set[str]:
    """The transactions, of others, that write to the table of sessions just now."""
    return set(fetch_value(WRITING_SESSIONS, {}) or [])
