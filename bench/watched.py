"""The hot calls of a product that is watched: figures, lines of the log and traces, in turns."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import estate as estates
from bench import kinds, servers
from bench.estate import Estate
from bench.kinds import Kind
from bench.servers import Server
from devstack import demo, ports, processes

CONNECTIONS = 32


def measure(port: int, options: argparse.Namespace) -> dict[str, float]:
    """Requests a second, latencies and processor time, by what is watched.

    Nothing is watched twice over: by so much do two that are alike differ.
    """
    estate = estates.make(open_sessions=options.open_sessions, seconds=options.seconds)
    with ExitStack() as stack, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        taker = stack.enter_context(collector())
        asked: dict[str, Kind] = {}
        for letter, (name, env) in zip("ABCDEF", ways(Path(folder), taker).items(), strict=True):
            server = stack.enter_context(watched(env))
            kinds.warm_up(estate, server)
            asked |= asked_of(estate, server, letter, name)
        return kinds.in_turns(asked, CONNECTIONS, options.seconds)


def ways(folder: Path, taker: int) -> dict[str, dict[str, str]]:
    """What is set, by what is watched then."""
    traces = {"TRACES_ADDRESS": f"http://127.0.0.1:{taker}/v1/traces"}
    few = {"OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.01"}
    token = "a token of the bench's that nobody asks with"
    return {
        "nothing": {},
        "nothing, again": {},
        "figures": {"METRICS_TOKEN": token, "METRICS_FOLDER": str(folder / "metrics")},
        "lines": {"LOG_REQUESTS": "true", "LOG_FORMAT": "json", "LOG_LEVEL": "INFO"},
        "one trace of a hundred": traces | few,
        "every trace": traces,
    }


@contextmanager
def collector() -> Iterator[int]:
    """What takes traces; its port."""
    port = ports.free()
    process = processes.spawn([sys.executable, "-m", "devstack.receiver", str(port)])
    try:
        processes.wait_until(lambda: ports.answers(port), seconds=20)
        yield port
    finally:
        processes.stop(process)


@contextmanager
def watched(env: dict[str, str]) -> Iterator[Server]:
    """A web server with these settings, whose lines go nowhere."""
    port = ports.free()
    options = [*demo.web_options(port), "--workers=1"]
    with servers.serving(processes.ROOT, options, port, env, quiet=True) as server:
        yield server


def asked_of(estate: Estate, server: Server, letter: str, name: str) -> dict[str, Kind]:
    """What is asked of each."""
    return {
        f"refresh, {name}": kinds.refreshes(estate, server, CONNECTIONS),
        f"check-out, {name}": kinds.pairs(estate.spread, server, CONNECTIONS, letter),
    }
