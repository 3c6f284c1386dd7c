"""Calls that start together, in threads with real transactions."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import connection

from devstack import processes
from licensing import errors, hot, sessions
from licensing.models import Seat

THREADS = 20
SLEEPING = """
    SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'
        AND datname = current_database()
"""


def at_once(*calls):
    """Run the calls in threads that start together; return their results or LicensingErrors."""
    barrier = threading.Barrier(min(len(calls), THREADS))

    def run(index, call):
        if index < THREADS:
            barrier.wait()
        try:
            return call()
        except errors.LicensingError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(run, range(len(calls)), calls))


def once_one_sleeps(call):
    """The same call, made when another's statement sleeps that was given a ``pg_sleep``."""

    def wait_and_call():
        assert processes.wait_until(lambda: hot.fetch_value(SLEEPING, {}), seconds=5)
        return call()

    return wait_and_call


def race_for(key, clients):
    """All clients check out at once; the session ids of those that got a seat."""
    outcomes = at_once(*(partial(sessions.check_out, key, client) for client in clients))
    return [outcome[0].session_id for outcome in outcomes if isinstance(outcome, tuple)]


def held_seats(key):
    """How many seats of the key's licence are held."""
    return Seat.objects.held().filter(licence=key.licence_id).count()


def until_somebody_waits(seconds=10):
    """Go on when another connection waits for a lock of this one's transaction."""
    deadline = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT pg_sleep(0.005) FROM pg_locks WHERE NOT granted LIMIT 1")
            if cursor.fetchone():
                return
