"""Simulation: desktops and incidents live side by side, in order, as fast as they can."""

from __future__ import annotations

import dataclasses
import heapq
from collections.abc import Callable, Iterable
from typing import Protocol

from support.demo.desktops.desktop import Desktop
from support.demo.desktops.messages import Answer, Request


class Door(Protocol):
    """The way to the server."""

    def send(self, desktop: Desktop, request: Request, now: float) -> Answer:
        """What the server answers."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class Incident:
    """Something that happens at some time besides what desktops do."""

    at: float
    happen: Callable[[], object]


class Simulation:
    """A world of desktops and incidents; ``run`` lets it live up to some time."""

    def __init__(
        self,
        desktops: Iterable[Desktop],
        incidents: Iterable[Incident],
        *,
        door: Door,
        set_clock: Callable[[float], None],
    ) -> None:
        self.inhabitants: list[Desktop | Incident] = []
        self.door = door
        self.set_clock = set_clock
        self.agenda: list[tuple[float, int]] = []
        self.join([*incidents, *desktops])

    def join(self, newcomers: Iterable[Desktop | Incident]) -> None:
        """Let these live here too from now on."""
        for newcomer in newcomers:
            self.inhabitants.append(newcomer)
            self.plan(len(self.inhabitants) - 1)

    def plan(self, number: int) -> None:
        """Note when this inhabitant is next to be called."""
        inhabitant = self.inhabitants[number]
        at = inhabitant.at if isinstance(inhabitant, Incident) else inhabitant.next_at
        if at is not None:
            heapq.heappush(self.agenda, (at, number))

    def run(self, until: float) -> None:
        """Let everything happen that happens until then."""
        while self.agenda and self.agenda[0][0] <= until:
            now, number = heapq.heappop(self.agenda)
            inhabitant = self.inhabitants[number]
            if isinstance(inhabitant, Incident):
                self.set_clock(now)
                inhabitant.happen()
                continue
            if request := inhabitant.act(now):
                self.set_clock(now)
                inhabitant.hear(request, self.door.send(inhabitant, request, now), now)
            self.plan(number)
