"""``make bench``: starts its own database and web server, measures, prints a table and JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from devstack import demo, environment, ports, processes
from devstack.data_dir import DataDir

if TYPE_CHECKING:
    from bench.estate import Estate

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Measure and say what was found."""
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        data_dir, port = DataDir(Path(folder)), ports.free()
        settings = environment.settings(data_dir, port)
        with environment.servers(data_dir.path, settings) as variables:
            os.environ |= variables | {"DJANGO_SETTINGS_MODULE": "bench.settings", "TESTING": "1"}
            os.environ["LOG_LEVEL"] = "WARNING"
            figures = measure(port, options)
    print(table(figures))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(figures, indent=2) + "\n")
    print(f"Written to {options.json} too.")


def arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--seconds", type=int, default=8, help="length of each run (%(default)s)")
    parser.add_argument(
        "--open-sessions", type=int, default=10_000, help="open beside it (%(default)s)"
    )
    parser.add_argument("--stale", type=int, default=100_000, help="to reclaim (%(default)s)")
    parser.add_argument("--json", type=Path, default=ROOT / ".local" / "bench.json")
    return parser.parse_args()


def measure(port: int, options: argparse.Namespace) -> dict[str, float]:
    """Every figure of the bench, by name."""
    import django  # the settings are known only now

    django.setup()
    from django.core.management import call_command

    from bench import estate as estates

    call_command("migrate", verbosity=0)
    estate = estates.make(open_sessions=options.open_sessions)
    figures: dict[str, float] = {"open sessions": options.open_sessions}
    with web_server(port):
        figures |= measure_web(estate, port, options)
        figures |= measure_reclaim(estate, port, options)
    return figures | measure_bare_sql(estate, options)


@contextmanager
def web_server(port: int) -> Iterator[None]:
    """Granian, as ``make demo`` starts it."""
    command = [sys.executable, "-m", "granian", *demo.web_options(port)]
    process = processes.spawn(command, env=dict(os.environ))
    try:
        if not processes.wait_until(lambda: demo.readiness(port) == "200", seconds=60):
            raise SystemExit("The web server did not start.")
        yield
    finally:
        processes.stop(process, grace=10)


def measure_web(estate: Estate, port: int, options: argparse.Namespace) -> dict[str, float]:
    """Requests a second and latencies through the whole path, at 16 and 32 connections."""
    from bench import load, scripts
    from bench.estate import tokens, updates

    open_sessions = tokens(estate.held, 2_000)
    figures = {}
    for connections in (16, 32):
        numbers = range(connections)
        kinds = {
            "hello": [scripts.hello() for _ in numbers],
            "refresh": [scripts.refreshing(open_sessions[n::connections]) for n in numbers],
            "check-out": [scripts.opening_and_closing(estate.spread[n::connections], f"C{n}")
                          for n in numbers],
            "check-out, hot pool": [scripts.opening_and_closing(estate.hot, f"H{n}")
                                    for n in numbers],
            "refused": [scripts.asking_in_vain(*estate.full[0], f"R{n}") for n in numbers],
        }  # fmt: skip
        for kind, script in kinds.items():
            before, hot_before = updates()
            measured = load.run(port, script, seconds=options.seconds)
            label = kind.split(",")[0]
            if label == "refresh":
                every, hot = updates()
                share = (hot - hot_before) / (every - before)
                figures[f"{kind}, {connections}, share of HOT updates"] = share
            figures[f"{kind}, {connections}"] = measured.per_second(label)
            figures[f"{kind}, {connections}, p99 ms"] = measured.percentile(label, 99)
            if label == "check-out":
                figures[f"{kind}, {connections}"] *= 2  # each with its close
            for what, number in measured.unexpected.items():
                print(f"Unexpected, {kind}: {what}, {number} times", file=sys.stderr)
    return figures


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


def measure_bare_sql(estate: Estate, options: argparse.Namespace) -> dict[str, float]:
    """The same statements by pgbench, at 16 connections."""
    from bench import bare_sql

    url = os.environ["DATABASE_URL"]
    run = {"clients": 16, "seconds": options.seconds}
    return {
        "refresh, bare SQL, 16": bare_sql.refreshes(estate, options.open_sessions, url, **run),
        "check-out and close, bare SQL, 16": 2 * bare_sql.check_outs(estate, url, **run),
    }


RATIOS = (
    ("refresh to hello world", "refresh, {}", "hello, {}"),
    ("check-out and close, each, to hello world", "check-out, {}", "hello, {}"),
    ("hot pool of 10,000 seats to spread pools", "check-out, hot pool, {}", "check-out, {}"),
    ("refused on a full pool of 10,000 to granted", "refused, {}", "check-out, {}"),
    ("refresh to the same SQL by pgbench", "refresh, {}", "refresh, bare SQL, 16"),
    ("check-out to the same SQL by pgbench", "check-out, {}", "check-out and close, bare SQL, 16"),
)


def table(figures: dict[str, float]) -> str:
    """The figures, and their ratios, which alone mean something on a noisy machine."""
    lines = ["", f"{'figure':<48}{'':>12}", "-" * 60]
    lines += [f"{name:<48}{value:>12,.2f}" for name, value in figures.items()]
    lines += ["", f"{'ratio':<48}{'16':>6}{'32':>6}", "-" * 60]
    for name, above, below in RATIOS:
        values = [figures[above.format(n)] / figures[below.format(n)] for n in (16, 32)]
        lines.append(f"{name:<48}" + "".join(f"{value:>6.2f}" for value in values))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
