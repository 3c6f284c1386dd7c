"""``make bench``: starts its own database and web server, measures, prints a table and JSON."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import report
from bench.arguments import arguments
from devstack import demo, environment, ports, processes
from devstack.data_dir import DataDir

if TYPE_CHECKING:
    from bench.estate import Estate
    from bench.load import Measured, Script

TURNS = 3


def main() -> None:
    """Measure and say what was found."""
    options = arguments()
    with own_servers() as port:
        found = wanted(options)(port, options)
    print(report.table(found))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(found, indent=2) + "\n")
    print(f"Written to {options.json} too.")


def wanted(options: argparse.Namespace) -> Callable[..., dict[str, Any]]:
    """What is to be measured."""
    if options.only_history:
        return measure_history
    return measure_use if options.only_use else measure


@contextmanager
def own_servers() -> Iterator[int]:
    """A database and a broker of the bench's own, migrated; the port that a web server may have."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        data_dir, port = DataDir(Path(folder)), ports.free()
        settings = environment.settings(data_dir, port)
        with environment.servers(data_dir.path, settings) as variables:
            os.environ |= variables | {"DJANGO_SETTINGS_MODULE": "bench.settings", "TESTING": "1"}
            os.environ["LOG_LEVEL"] = "WARNING"
            migrate()
            yield port


def migrate() -> None:
    """Make the tables."""
    import django  # the settings are known only now

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def measure(port: int, options: argparse.Namespace) -> dict[str, Any]:
    """Everything that is measured."""
    figures = measure_engine(port, options)
    return {
        "pages": measure_pages(options),
        **measure_use(port, options, figures),
        "ratios": report.ratios(figures),
    }


def measure_use(
    port: int, options: argparse.Namespace, figures: dict[str, float] | None = None
) -> dict[str, Any]:
    """How a year's use is rolled up and how long its pages take, with the figures so far."""
    from bench import roll_up, usage
    from licensing.models import Account

    rolled_up = roll_up.measure(options.year)
    account = Account.objects.get(name="Bench")
    return {
        "configured": report.configuration(port),
        "figures": (figures or {}) | rolled_up,
        "use": usage.measure(account, times=options.page_views),
    }


def measure_history(port: int, options: argparse.Namespace) -> dict[str, Any]:
    """Check-outs and refreshes beside a long history and beside none."""
    from bench import estate as estates
    from bench import history

    estate = estates.make(open_sessions=options.open_sessions)
    with web_server(port):
        figures = history.measure(estate, port, rows=options.history, seconds=options.seconds)
    return {
        "configured": report.configuration(port),
        "figures": figures,
        "ratios": report.ratios(figures),
    }


def measure_engine(port: int, options: argparse.Namespace) -> dict[str, float]:
    """Every figure of the engine, by name."""
    from bench import estate as estates
    from bench import history

    estate = estates.make(open_sessions=options.open_sessions)
    with web_server(port) as server:
        figures = measure_idle_workers(server.pid)
        figures |= measure_desktop(port)
        figures |= measure_web(estate, port, options)
        figures |= measure_bare_sql(estate, options)
        figures |= measure_reclaim(estate, port, options)
        figures |= history.measure(estate, port, rows=options.history, seconds=options.seconds)
        figures |= measure_with_many_sessions(estate, port, options)
    return figures


def measure_pages(options: argparse.Namespace) -> dict[str, float]:
    """How long the portal's pages take in a large account."""
    from bench import pages

    return pages.measure(times=options.page_views)


def measure_idle_workers(server: int) -> dict[str, float]:
    """What one web worker takes that nobody asks anything."""
    from bench import idle

    return idle.measure(idle.children(server), seconds=3)


def measure_desktop(port: int) -> dict[str, float]:
    """What opening a program costs its user, beyond the service's answer."""
    from bench import desktop
    from bench import estate as estates

    key, product_key = estates.issue("Desktop", 5)
    return desktop.measure(f"http://127.0.0.1:{port}", key.serial_number, product_key)


@contextmanager
def web_server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Granian, as ``make demo`` starts it."""
    command = [sys.executable, "-m", "granian", *demo.web_options(port)]
    process = processes.spawn(command, env=dict(os.environ))
    try:
        if not processes.wait_until(lambda: demo.readiness(port) == "200", seconds=60):
            raise SystemExit("The web server did not start.")
        yield process
    finally:
        processes.stop(process, grace=10)


def measure_web(estate: Estate, port: int, options: argparse.Namespace) -> dict[str, float]:
    """Requests a second and latencies through the whole path, at 16 and 32 connections.

    The kinds take turns, so that a noisy neighbour of this machine disturbs them alike.
    """
    from bench import load

    figures: dict[str, float] = {}
    for connections in (16, 32):
        scripts = scripts_of(estate, connections)
        runs = {kind: load.Measured() for kind in scripts}
        for turn in range(TURNS):
            for kind, script in scripts.items():
                runs[kind].add(load.run(port, script(turn), seconds=options.seconds / TURNS))
        for kind, run in runs.items():
            figures |= figures_of(kind, connections, run)
    return figures | {"refresh, share of HOT updates": hot_share(estate, port, options.seconds)}


def scripts_of(estate: Estate, connections: int) -> dict[str, Callable[[int], list[Script]]]:
    """What each connection does, by the kind of the run and the number of its turn."""
    from bench import scripts
    from bench.estate import tokens

    numbers = range(connections)
    open_sessions = tokens(estate.held, 2_000)
    roomy = estate.roomy[connections // 32]
    return {
        "hello": lambda _: [scripts.hello() for _ in numbers],
        "refresh": lambda _: [scripts.refreshing(open_sessions[n::connections]) for n in numbers],
        "check-out": lambda _: [
            scripts.opening_and_closing(estate.spread[n::connections], f"C{n}") for n in numbers
        ],
        "check-out, hot pool": lambda _: [
            scripts.opening_and_closing(estate.hot, f"H{n}") for n in numbers
        ],
        "granted": lambda turn: [scripts.opening(*roomy, f"G{turn}-{n}") for n in numbers],
        "refused": lambda _: [scripts.asking_in_vain(*estate.full[0], f"R{n}") for n in numbers],
    }


def figures_of(kind: str, connections: int, run: Measured) -> dict[str, float]:
    """Requests a second and p99 of a run; what was not expected goes to stderr."""
    label = kind.split(",")[0]
    for what, number in run.unexpected.items():
        print(f"Unexpected, {kind}: {what}, {number} times", file=sys.stderr)
    each = 2 if label == "check-out" else 1  # each check-out with its close
    return {
        f"{kind}, {connections}": each * run.per_second(label),
        f"{kind}, {connections}, p99 ms": run.percentile(label, 99),
    }


def hot_share(estate: Estate, port: int, seconds: float) -> float:
    """The share of refreshes that touched no index."""
    from bench import load, scripts
    from bench.estate import tokens, updates

    before, hot_before = updates()
    load.run(port, [scripts.refreshing(tokens(estate.held, 500))], seconds=seconds)
    every, hot = updates()
    return (hot - hot_before) / (every - before)


def measure_reclaim(estate: Estate, port: int, options: argparse.Namespace) -> dict[str, float]:
    """How long reclaiming many stale sessions takes, and what check-outs beside it notice."""
    from bench import estate as estates
    from bench import load, scripts
    from licensing import sessions

    stale, _ = estates.issue("Stale", options.stale)
    estates.fill(stale, options.stale)
    estates.make_stale(stale)
    taken = []

    def reclaim() -> None:
        started = time.perf_counter()
        assert sessions.reclaim_stale() == options.stale
        taken.append(time.perf_counter() - started)

    thread = threading.Thread(target=reclaim)
    thread.start()
    script = [scripts.opening_and_closing(estate.spread, "beside") for _ in range(4)]
    measured = load.run(port, script, seconds=max(options.seconds, 5))
    thread.join()
    return {
        "sessions reclaimed": options.stale,
        "seconds to reclaim them": taken[0],
        "check-out beside it, p99 ms": measured.percentile("check-out", 99),
        "check-out beside it, slowest ms": measured.percentile("check-out", 100),
    }


def measure_with_many_sessions(
    estate: Estate, port: int, options: argparse.Namespace
) -> dict[str, float]:
    """Check-outs at 16 connections with few sessions open beside them, and with very many."""
    from bench import estate as estates
    from bench import load, scripts

    def check_outs() -> float:
        script = [scripts.opening_and_closing(estate.spread[n::16], f"M{n}") for n in range(16)]
        measured = load.run(port, script, seconds=options.seconds)
        return 2 * measured.per_second("check-out")  # each with its close

    few = check_outs()
    estates.fill_up_to(options.many_sessions, already=options.open_sessions)
    return {
        "check-out before them, 16": few,
        "many open sessions": options.many_sessions,
        "check-out beside many, 16": check_outs(),
    }


def measure_bare_sql(estate: Estate, options: argparse.Namespace) -> dict[str, float]:
    """The same statements by pgbench, at 16 connections."""
    from bench import bare_sql

    url = os.environ["DATABASE_URL"]
    run = {"clients": 16, "seconds": options.seconds}
    return {
        "refresh, bare SQL, 16": bare_sql.refreshes(estate, options.open_sessions, url, **run),
        "check-out and close, bare SQL, 16": 2 * bare_sql.check_outs(estate, url, **run),
    }


if __name__ == "__main__":
    main()
