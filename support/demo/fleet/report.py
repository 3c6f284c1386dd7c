"""Report: what a fleet did and what the server answered, while it runs and at its end."""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from support.demo.desktops.days import HOUR
from support.demo.desktops.desktop import Desktop, State
from support.demo.desktops.messages import Close, Move, Refresh, Request
from support.demo.desktops.real_time import Exchange
from support.demo.desktops.simulated_time import Clock

RECENT = 500
"""How many answers the live line's latency is taken from."""


def name_of(request: Request) -> str:
    """What the request is called in a table."""
    match request:
        case Refresh():
            return "refresh"
        case Close():
            return "close"
        case Move():
            return "move"
        case _:
            return "check out"


class Report:
    """Counts every exchange of a fleet."""

    def __init__(self, desktops: Sequence[Desktop], clock: Clock, day: float) -> None:
        self.desktops = desktops
        self.clock = clock
        self.day = day
        self.began_at = time.monotonic()
        self.answers: Counter[tuple[str, str]] = Counter()
        self.latencies: defaultdict[str, list[float]] = defaultdict(list)
        self.recent: list[float] = []

    def hear(self, exchange: Exchange) -> None:
        """Count one request and its answer."""
        name, answer = name_of(exchange.request), exchange.answer
        outcome = f"{answer.status} {answer.code}".strip() if answer.status else answer.code
        latency = exchange.received_at - exchange.sent_at
        self.answers[name, outcome] += 1
        self.latencies[name].append(latency)
        self.recent = [*self.recent[1 - RECENT :], latency]

    def line(self) -> str:
        """How things stand, in one line."""
        elapsed = time.monotonic() - self.began_at
        lived = elapsed * self.clock.speed
        open_now = sum(desktop.state is State.OPEN for desktop in self.desktops)
        requests = self.answers.total()
        return (
            f"{int(elapsed // 60):02}:{int(elapsed % 60):02}  "
            f"day {int(lived // self.day) + 1}, hour {lived % self.day / HOUR:4.1f}  "
            f"{open_now} of {len(self.desktops)} programs open  "
            f"{requests:,} requests ({requests / elapsed if elapsed else 0:.0f}/s)  "
            f"p95 {percentile(self.recent, 95) * 1000:.0f} ms"
        )

    def tables(self) -> str:
        """What was done, what was answered and how fast."""
        did = sum((desktop.did for desktop in self.desktops), Counter[str]())
        answers = [(*key, f"{number:,}") for key, number in sorted(self.answers.items())]
        speeds = [
            (name, f"{len(taken):,}", *(in_ms(taken, percent) for percent in (50, 95, 99, 100)))
            for name, taken in sorted(self.latencies.items())
        ]
        return "\n\n".join(
            [
                table(
                    ("The desktops did", "times"), [(a, f"{n:,}") for a, n in sorted(did.items())]
                ),
                table(("Request", "Answer", "times"), answers),
                table(("Request", "times", "p50 ms", "p95 ms", "p99 ms", "max ms"), speeds),
            ]
        )


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many per cent do not exceed; 0 of none."""
    if not values:
        return 0.0
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def in_ms(seconds: Sequence[float], percent: float) -> str:
    """A percentile in milliseconds."""
    return f"{percentile(seconds, percent) * 1000:.1f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns under their heads, numbers to the right."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if is_number(lines[-1][column]) else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def is_number(cell: str) -> bool:
    """Whether a cell is written to the right."""
    return cell.replace(",", "").replace(".", "").isdigit()
