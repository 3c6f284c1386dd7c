"""The kinds of requests, which take turns: what disturbs this machine disturbs them alike."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bench import load, processor, scripts
from bench.estate import Estate, Keys, tokens
from bench.load import Measured, Script
from bench.servers import Server

TURNS = 4
WARM_UP_SECONDS = 0.5
BEFORE = " before"
"""So end the names of what another revision was asked."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What each connection does in a turn, and where. Answers with its label are counted, and as
    many again of others that go with each of them."""

    label: str
    server: Server
    scripts: Callable[[int], list[Script]]
    each: int = 1

    def run(self, turn: int, *, seconds: float) -> Measured:
        """One turn of it."""
        asked = self.scripts(turn)
        before = processor.used(self.server.pid)
        measured = load.run(self.server.port, asked, seconds=seconds)
        after = processor.used(self.server.pid)
        measured.processor = {group: after[group] - before[group] for group in after}
        return measured

    def figures(self, name: str, run: Measured) -> dict[str, float]:
        """What it came to: requests a second, p99, and whose processor time each took."""
        return {
            name: self.each * run.per_second(self.label),
            f"{name}, p99 ms": run.percentile(self.label, 99),
        } | processor.per_request(name, run.processor, run.answers)


def measure(
    estate: Estate, server: Server, before: Server | None, options: argparse.Namespace
) -> dict[str, float]:
    """Requests a second, latencies and processor time of each kind, by the number of connections.

    ``before`` is another revision's server, which is asked the same where that tells something.
    """
    figures: dict[str, float] = {}
    for each in (server, before):
        if each:
            warm_up(estate, each)
    for connections in (16, 32):
        kinds = at_many(estate, server, connections)
        if before:
            kinds["check-outs alone" + BEFORE] = alone(estate, before, connections, "B")
        figures |= in_turns(kinds, connections, options.seconds)
    kinds = at_one(estate, server, "C")
    if before:
        there = at_one(estate, before, "B")
        kinds |= {name + BEFORE: kind for name, kind in there.items()}
    return figures | in_turns(kinds, 1, options.seconds)


def warm_up(estate: Estate, server: Server) -> None:
    """Let every worker connect and prepare its statements."""
    for kind in at_many(estate, server, 32).values():
        kind.run(-1, seconds=WARM_UP_SECONDS)


def in_turns(
    kinds: dict[str, Kind], connections: int, seconds: float, *, turns: int = TURNS
) -> dict[str, float]:
    """Each kind for so long in all, there and back again: what comes later finds more rows."""
    runs = {name: Measured() for name in kinds}
    for turn in range(turns):
        for name in list(kinds)[:: -1 if turn % 2 else 1]:
            runs[name].add(kinds[name].run(turn, seconds=seconds / turns))
    figures: dict[str, float] = {}
    for name, run in runs.items():
        tell_unexpected(name, run)
        figures |= kinds[name].figures(f"{name}, {connections}", run)
    return figures


def tell_unexpected(name: str, run: Measured) -> None:
    """Say on stderr what was answered otherwise."""
    for what, number in run.unexpected.items():
        print(f"Unexpected, {name}: {what}, {number} times", file=sys.stderr)


def at_many(estate: Estate, server: Server, connections: int) -> dict[str, Kind]:
    """What many connections do, by its name."""
    numbers = range(connections)
    roomy = [estate.roomy[connections // 32]]
    return {
        "hello": Kind("hello", server, lambda _: [scripts.hello() for _ in numbers]),
        "refresh": refreshes(estate, server, connections),
        "check-out": pairs(estate.spread, server, connections, "C"),
        "check-out, hot pool": pairs(estate.hot, server, connections, "H"),
        "check-out, vast pool": pairs(estate.vast, server, connections, "V"),
        "granted": Kind("granted", server, partial(opened, roomy, connections, "G")),
        "refused": Kind(
            "refused",
            server,
            lambda _: [scripts.asking_in_vain(*estate.full[0], f"R{n}") for n in numbers],
        ),
        "check-outs alone": alone(estate, server, connections, "A"),
    }


def at_one(estate: Estate, server: Server, letter: str) -> dict[str, Kind]:
    """What one connection does, by its name."""
    return {
        "refresh": refreshes(estate, server, 1),
        "check-out": pairs(estate.spread, server, 1, letter),
    }


def refreshes(estate: Estate, server: Server, connections: int) -> Kind:
    """Refresh 2,000 open sessions."""
    held = tokens(estate.held, 2_000)
    numbers = range(connections)
    return Kind(
        "refresh", server, lambda _: [scripts.refreshing(held[n::connections]) for n in numbers]
    )


def pairs(keys: Keys, server: Server, connections: int, letter: str) -> Kind:
    """Check out and close: each check-out with its close."""

    def asked(_turn: int) -> list[Script]:
        return [
            scripts.opening_and_closing(keys[n::connections] or keys, f"{letter}{n}")
            for n in range(connections)
        ]

    return Kind("check-out", server, asked, each=2)


def alone(estate: Estate, server: Server, connections: int, letter: str) -> Kind:
    """Check out on many pools, and close nothing."""
    return Kind("granted", server, partial(opened, estate.wide, connections, letter))


def opened(keys: Keys, connections: int, letter: str, turn: int) -> list[Script]:
    """What each connection opens in a turn."""
    return [
        scripts.opening(keys[n::connections] or keys, f"{letter}{connections}-{turn}-{n}")
        for n in range(connections)
    ]
