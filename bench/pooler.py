"""The hot calls through PgBouncer, in the same turns as those without."""

from __future__ import annotations

import argparse

from bench import estate as estates
from bench import kinds, servers
from bench.estate import Estate
from bench.kinds import Kind
from bench.servers import Server

THROUGH = " through PgBouncer"
"""So end the names of what was asked so."""


def measure(port: int, options: argparse.Namespace) -> dict[str, float]:
    """Requests a second, latencies and processor time of both, by the number of connections."""
    estate = estates.make(open_sessions=options.open_sessions, seconds=options.seconds)
    figures: dict[str, float] = {}
    with servers.web_server(port) as direct, servers.web_server_through_pooler() as pooled:
        for server in (direct, pooled):
            kinds.warm_up(estate, server)
        for connections in (1, 32):
            asked = asked_of(estate, direct, connections, "D", "")
            asked |= asked_of(estate, pooled, connections, "P", THROUGH)
            figures |= kinds.in_turns(asked, connections, options.seconds)
    return figures


def asked_of(
    estate: Estate, server: Server, connections: int, letter: str, ending: str
) -> dict[str, Kind]:
    """What so many connections ask of a server."""
    return {
        f"refresh{ending}": kinds.refreshes(estate, server, connections),
        f"check-out{ending}": kinds.pairs(estate.spread, server, connections, letter),
    }
