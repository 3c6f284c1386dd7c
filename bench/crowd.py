"""What happens to the hot calls while many rows are worked on beside them."""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection

from bench import estate as estates
from bench import kinds, load, scripts
from bench.estate import BENCH, Estate
from licensing import sessions, stolen_keys
from licensing.models import ProductKey

TIMEOUT_MS = 10_000.0
"""How long a program waits for an answer, if nobody has told it otherwise."""
CROWD, CONNECTIONS = 60, 32
REVOKED = 10_000
PAST = "-1 s"
"""When the seats of stale sessions could be given to others, from now on."""
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


def measure_reclaim(estate: Estate, port: int, options: argparse.Namespace) -> dict[str, float]:
    """How long reclaiming many stale sessions takes, and what check-outs beside it notice."""
    make_stale("Stale", options.stale)
    taken: list[float] = []
    thread = beside(lambda: reclaim(options.stale, taken))
    script = [scripts.opening_and_closing(estate.spread, "beside") for _ in range(4)]
    measured = load.run(port, script, seconds=max(options.seconds, 5))
    thread.join()
    return {
        "sessions reclaimed": options.stale,
        "seconds to reclaim them": taken[0],
        "check-out beside it, p99 ms": measured.percentile("check-out", 99),
        "check-out beside it, slowest ms": measured.percentile("check-out", 100),
    }


def measure(estate: Estate, port: int, options: argparse.Namespace) -> dict[str, float]:
    """A few sessions refreshed by many at once, some of which are revoked in the midst with
    thousands of others, while many stale ones are reclaimed: who waits for whom?"""
    make_stale("Stale too", options.stale)
    stolen, _ = estates.issue("Stolen", REVOKED)
    estates.fill(stolen, REVOKED)
    crowd = estates.tokens(estate.held, CROWD // 2) + estates.tokens(stolen, CROWD // 2)
    before = deadlocks()
    threads = [beside(lambda: reclaim(options.stale, [])), beside(lambda: revoke(stolen))]
    script = [
        scripts.refreshing(crowd[n:] + crowd[:n], expected=(200, 410)) for n in range(CONNECTIONS)
    ]
    measured = load.run(port, script, seconds=max(options.seconds, 5))
    for thread in threads:
        thread.join()
    kinds.tell_unexpected("crowd", measured)
    return {
        "crowd, refreshes": measured.per_second("refresh"),
        "crowd, slowest ms": measured.percentile("refresh", 100),
        "crowd, answers amiss": sum(measured.unexpected.values()),
        "crowd, deadlocks": deadlocks() - before,
    }


def make_stale(name: str, number: int) -> None:
    """A licence with so many sessions whose seats may be given to others."""
    key, _ = estates.issue(name, number)
    estates.fill(key, number, seats_may_be_reclaimed_in=PAST)


def beside(work: Callable[[], Any]) -> threading.Thread:
    """A thread that works while requests are answered."""

    def work_and_hang_up() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=work_and_hang_up)
    thread.start()
    return thread


def reclaim(number: int, taken: list[float]) -> None:
    """Reclaim what is stale, and note how many seconds it took."""
    started = time.perf_counter()
    assert sessions.reclaim_stale() == number
    taken.append(time.perf_counter() - started)


def revoke(key: ProductKey) -> None:
    """Revoke a key with all of its sessions, once its refreshes are under way."""
    time.sleep(1)
    assert stolen_keys.revoke(key, by=BENCH) == REVOKED


def deadlocks() -> int:
    """How many PostgreSQL had to break so far."""
    time.sleep(1)  # processes tell their counts once a second
    with connection.cursor() as cursor:
        cursor.execute(DEADLOCKS)
        return int(cursor.fetchone()[0])
