"""Calls that start together, in threads with real transactions."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from django.db import connection

from devstack import processes
from licensing import carried, errors, group_commit, hot, prepared, sessions
from licensing.models import Seat

THREADS = 20
SLEEPING = """
    SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'
        AND datname = current_database()
"""


def at_once(*calls, most=THREADS):
    """Run the calls in threads that start together; return their results or LicensingErrors."""
    barrier = threading.Barrier(min(len(calls), most))

    def run(index, call):
        if index < most:
            barrier.wait()
        try:
            return call()
        except errors.LicensingError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(most) as threads:
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


def as_one_batch(monkeypatch, group, *calls):
    """Run the calls in threads, whose statements go together; their results or errors."""
    monkeypatch.setattr(group_commit, "SLOW_SECONDS", 10)
    first = group.leader = group_commit.Asked("", {})

    def run(call):
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        running = [threads.submit(run, call) for call in calls]
        assert processes.wait_until(lambda: len(group.waiting) == len(calls), seconds=10)
        group.pass_on(first)
        return [outcome.result() for outcome in running]


LONG_WAY = "long way"


def carried_by_one(*calls):
    """Have one thread carry the calls; their results or errors, or LONG_WAY."""
    with carrying() as carry:
        return carry(*calls)


@contextmanager
def carrying():
    """Carries calls, always in the same thread."""
    with ThreadPoolExecutor(1, initializer=prepared.carry_calls) as thread:
        yield lambda *calls: thread.submit(outcomes_of, calls).result(20)
        thread.submit(lambda: connection.close()).result(20)  # the thread's own


def outcomes_of(calls):
    """What becomes of calls that this thread carries."""
    outcomes = [None] * len(calls)

    def run(index, call):
        try:
            outcomes[index] = call()
        except Exception as error:
            outcomes[index] = error

    late = carried.carry([partial(run, *numbered) for numbered in enumerate(calls)])
    return [
        LONG_WAY if is_late else outcome for is_late, outcome in zip(late, outcomes, strict=True)
    ]
