"""Calls that start together, in threads with real transactions."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from django.db import connection

from devstack import processes
from licensing import carried, errors, hot, prepared, sessions
from licensing.models import Seat

THREADS = 20
SLEEPING = """
    SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'
        AND datname = current_database()
"""

# Whoever waits for somebody else, such as another worker's races, does not count.
WAITING_FOR_THIS_ONE = """
    SELECT count(*) FROM pg_locks
    WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
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
    return granted(at_once(*(partial(sessions.check_out, key, client) for client in clients)))


def race_as_served(key, clients):
    """The same by serial number and key, every other client carried by a thread beside."""
    check_out = partial(sessions.check_out_with_key, key.serial_number, key.plain)
    calls = [partial(check_out, client) for client in clients]
    with ThreadPoolExecutor(1) as beside:
        carried_ones = beside.submit(carried_as_served, *calls[::2])
        return granted(at_once(*calls[1::2])) + granted(carried_ones.result(20))


def granted(outcomes):
    """The session ids of those that got a seat."""
    return [outcome[0].session_id for outcome in outcomes if isinstance(outcome, tuple)]


def carried_as_served(*calls):
    """What comes of calls that one thread carries, as the web server has it: one that takes the
    long way is made again by a thread of its own."""
    with ThreadPoolExecutor(1) as threads:
        return [
            threads.submit(outcome_of, call).result(20) if outcome == LONG_WAY else outcome
            for call, outcome in zip(calls, carried_by_one(*calls), strict=True)
        ]


def outcome_of(call):
    """What the call returns or raises, on a connection of its own."""
    try:
        return call()
    except Exception as error:
        return error
    finally:
        connection.close()


def held_seats(key):
    """How many seats of the key's licence are held."""
    return Seat.objects.held().filter(licence=key.licence_id).count()


def until_somebody_waits(seconds=10):
    """Go on when another connection waits for a lock of this one's transaction."""
    processes.wait_until(lambda: hot.fetch_value(WAITING_FOR_THIS_ONE, {}) > 0, seconds=seconds)


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
