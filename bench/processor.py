"""Whose processor time a request takes, as Linux counts it: far steadier than rates on a shared
machine."""

from __future__ import annotations

import time

from django.db import connection

from bench import idle

GROUPS = ("web", "PostgreSQL", "load generator")


def used(web: int) -> dict[str, float]:
    """Seconds that each group has used so far: this web server, PostgreSQL, and ourselves."""
    seconds = (of_all(web), of_all(postmaster()), time.process_time())
    return dict(zip(GROUPS, seconds, strict=True))


def postmaster() -> int:
    """The process that starts PostgreSQL's others, of which one serves us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(idle.fields(cursor.fetchone()[0])[1])


def of_all(parent: int) -> float:
    """Seconds of a process and of all that it started, those that have ended too."""
    of_children = sum(map(of_child, idle.children(parent)))
    ended = sum(int(ticks) for ticks in idle.fields(parent)[13:15])
    return (idle.ticks(parent) + ended + of_children) / idle.TICKS_PER_SECOND


def of_child(pid: int) -> int:
    """Its ticks; none of one that has just ended, for its parent counts those."""
    try:
        return idle.ticks(pid)
    except FileNotFoundError:
        return 0


def per_request(name: str, spent: dict[str, float], requests: int) -> dict[str, float]:
    """Figures of a kind of request: microseconds of each group that one took."""
    return {
        f"{name}, {group} µs": 1_000_000 * seconds / max(requests, 1)
        for group, seconds in spent.items()
    }


def is_spent(name: str) -> bool:
    """Whether a figure is one of those."""
    return name.endswith(" µs")


def table(figures: dict[str, float]) -> list[str]:
    """What each kind of request took whom, to read."""
    kinds = dict.fromkeys(name.rpartition(", ")[0] for name in figures if is_spent(name))
    if not kinds:
        return []
    head = "".join(f"{group:>16}" for group in GROUPS)
    lines = ["", f"{'µs of processor time for one request':<48}{head}", "-" * 96]
    for kind in kinds:
        spent = "".join(f"{figures[f'{kind}, {group} µs']:>16,.0f}" for group in GROUPS)
        lines.append(f"{kind:<48}{spent}")
    return lines
