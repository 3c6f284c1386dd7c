"""Everything about check-outs, refreshes and closes, and the servers that answer them."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager

from bench import (
    bare_sql,
    beside,
    crowd,
    desktop,
    history,
    idle,
    kinds,
    load,
    many,
    scripts,
    servers,
)
from bench import estate as estates
from bench.estate import Estate
from bench.servers import Server


def measure(port: int, options: argparse.Namespace) -> dict[str, float]:
    """Every figure of the engine, by name."""
    estate = estates.make(open_sessions=options.open_sessions, seconds=options.seconds)
    with servers.web_server(port) as server:
        figures = idle.measure(idle.children(server.pid), seconds=3)
        figures |= measure_desktop(port)
        figures |= measure_kinds(estate, server, options)
        figures |= {"refresh, share of HOT updates": hot_share(estate, port, options.seconds)}
        if options.only_hot:
            return figures
        figures |= bare_sql.measure(
            estate, options.open_sessions, os.environ["DATABASE_URL"], seconds=options.seconds
        )
        figures |= crowd.measure_reclaim(estate, port, options)
        figures |= crowd.measure(estate, port, options)
        figures |= history.measure(estate, port, rows=options.history, seconds=options.seconds)
    return figures | many.measure(estate, port, options)


def measure_history(port: int, options: argparse.Namespace) -> dict[str, float]:
    """Check-outs and refreshes beside a long history and beside none."""
    estate = estates.make(open_sessions=options.open_sessions, seconds=1)
    with servers.web_server(port):
        return history.measure(estate, port, rows=options.history, seconds=options.seconds)


def measure_kinds(estate: Estate, server: Server, options: argparse.Namespace) -> dict[str, float]:
    """Each kind of request, of this revision and, where one is named, of the one before."""
    with before(options.beside) as other:
        return kinds.measure(estate, server, other, options)


@contextmanager
def before(revision: str | None) -> Iterator[Server | None]:
    """The other revision's web server, if one is named."""
    if revision is None:
        yield None
        return
    with beside.revision(revision) as server:
        yield server


def measure_desktop(port: int) -> dict[str, float]:
    """What opening a program costs its user, beyond the service's answer."""
    key, product_key = estates.issue("Desktop", 5)
    return desktop.measure(f"http://127.0.0.1:{port}", key.serial_number, product_key)


def hot_share(estate: Estate, port: int, seconds: float) -> float:
    """The share of refreshes that touched no index."""
    before, hot_before = estates.updates()
    load.run(port, [scripts.refreshing(estates.tokens(estate.held, 500))], seconds=seconds)
    every, hot = estates.updates()
    return (hot - hot_before) / (every - before)


def measure_many(port: int, options: argparse.Namespace) -> dict[str, float]:
    """What is asked beside few open sessions, and beside very many; nothing else."""
    estate = estates.make(open_sessions=options.open_sessions, seconds=1)
    return many.measure(estate, port, options)
