"""What is wanted of the figures, and whether it was reached."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.crowd import TIMEOUT_MS
from bench.kinds import BEFORE
from bench.many import COUNTED, FEW, HOT, MANY

Figures = Mapping[str, float]
ROW = "{:<56}{:>12,.2f}  {:>8} {:<9,.2f}{}"


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure, or its ratio to another, and how much of it is wanted at least, or at most, at how
    many connections; a figure that is not of connections has None for them."""

    name: str
    of: str
    to: str | None
    wanted: Mapping[int | None, float]
    at_most: bool = False

    def found(self, figures: Figures) -> Iterator[Found]:
        """What was measured of it."""
        for connections, wanted in self.wanted.items():
            value = self.value(figures, connections)
            at = f", {connections}" if connections else ""
            yield Found(self.name + at, value, wanted, self.at_most)

    def value(self, figures: Figures, connections: int | None) -> float:
        """The figure or ratio; not a number where it was not measured."""
        of = figures.get(self.of.format(connections), math.nan)
        return of / figures.get(self.to.format(connections), math.nan) if self.to else of


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of a goal at so many connections."""

    name: str
    value: float
    wanted: float
    at_most: bool

    @property
    def is_reached(self) -> bool:
        """Whether it is as wanted."""
        return self.value <= self.wanted if self.at_most else self.value >= self.wanted

    def row(self) -> str:
        """A line to read."""
        bound = "at most" if self.at_most else "at least"
        missed = "" if self.is_reached else "  MISSED"
        return ROW.format(self.name, self.value, bound, self.wanted, missed)


GOALS = (
    Goal("refresh to hello world", "refresh, {}", "hello, {}", {16: 0.55, 32: 0.75}),
    Goal("check-out and close, each, to hello world", "check-out, {}", "hello, {}",
         {16: 0.32, 32: 0.45}),
    Goal("check-outs alone to the same before", "check-outs alone, {}",
         f"check-outs alone{BEFORE}, {{}}", {16: 1.25, 32: 1.5}),
    Goal("refresh, p99 ms", "refresh, {}, p99 ms", None, {16: 15.0, 32: 20.0}, at_most=True),
    Goal("check-out, p99 ms", "check-out, {}, p99 ms", None, {16: 30.0, 32: 40.0}, at_most=True),
    Goal("refused on a full pool of 10,000 to granted", "refused, {}", "granted, {}",
         {16: 0.85, 32: 0.85}),
    Goal("hot pool of 10,000 seats to spread pools", "check-out, hot pool, {}", "check-out, {}",
         {16: 0.9, 32: 0.9}),
    Goal("pool of 100,000, nearly all free, to spread pools", "check-out, vast pool, {}",
         "check-out, {}", {16: 0.9, 32: 0.9}),
    Goal("refresh to the same before", "refresh, {}", f"refresh{BEFORE}, {{}}", {1: 0.95}),
    Goal("check-out and close to the same before", "check-out, {}", f"check-out{BEFORE}, {{}}",
         {1: 0.95}),
    *(Goal(f"{name}: beside many open sessions to few", f"{MANY.format(name)}, {{}}",
           f"{FEW.format(name)}, {{}}", {16: 0.85}) for name in HOT),
    *(Goal(f"{name}: beside many open sessions to few", MANY.format(name), FEW.format(name),
           {None: 0.85}) for name in COUNTED),
    Goal("idle web worker, MB", "idle worker, memory in MB", None, {None: 150.0}, at_most=True),
    Goal("refresh to the same SQL by pgbench", "refresh, {}", "refresh, bare SQL, {}", {16: 0.15}),
    Goal("refresh beside history to without", "refresh beside history, {}", "refresh without, {}",
         {16: 0.95}),
    Goal("check-out beside history to without", "check-out beside history, {}",
         "check-out without, {}", {16: 0.95}),
    Goal("60 refreshed by 32, revoked, reclaimed beside: ms", "crowd, slowest ms", None,
         {None: TIMEOUT_MS}, at_most=True),
    Goal("the same: answers amiss", "crowd, answers amiss", None, {None: 0.0}, at_most=True),
    Goal("the same: deadlocks", "crowd, deadlocks", None, {None: 0.0}, at_most=True),
    Goal("cloud-licence open, its own ms", "open, its own ms", None, {None: 120.0}, at_most=True),
    Goal("webhooks told beside five that hang, to without",
         "webhooks: messages a second to 45, beside five that hang",
         "webhooks: messages a second to 45, alone",
         {None: 0.8}),
    Goal("roll-up, most memory, MB", "roll-up, most memory, MB", None, {None: 300.0}, at_most=True),
)  # fmt: skip


def found(figures: Figures) -> list[Found]:
    """What was found of each goal that was measured."""
    every = (of for goal in GOALS for of in goal.found(figures))
    return [of for of in every if not math.isnan(of.value)]


def table(figures: Figures) -> list[str]:
    """The goals to read."""
    head = f"{'goal, connections':<56}{'found':>12}{'wanted':>15}"
    return ["", head, "-" * 88, *(of.row().rstrip() for of in found(figures))]
