"""Real time: desktops at work against a running product, their days as short as one likes."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Callable, Iterable

from support.demo.desktops.desktop import Desktop
from support.demo.desktops.http_door import HttpDoor
from support.demo.desktops.messages import UNREACHABLE, Answer, Request
from support.demo.desktops.simulated_time import Clock

Note = Callable[["Exchange"], None]


@dataclasses.dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer, with the monotonic times at which the client had them."""

    desktop: Desktop
    request: Request
    answer: Answer
    sent_at: float
    received_at: float


async def live(
    desktops: Iterable[Desktop], door: HttpDoor, clock: Clock, *, until: float, note: Note
) -> None:
    """Let all desktops live until then, each at its own pace."""
    async with asyncio.TaskGroup() as group:
        for desktop in desktops:
            group.create_task(live_one(desktop, door, clock, until=until, note=note))


async def live_one(
    desktop: Desktop, door: HttpDoor, clock: Clock, *, until: float, note: Note
) -> None:
    """Let one desktop live until then."""
    while (at := desktop.next_at) is not None and at < until:
        await clock.sleep_until(at)
        if request := desktop.act(max(at, clock.now())):
            await exchange(desktop, request, door, clock, note)


async def exchange(
    desktop: Desktop, request: Request, door: HttpDoor, clock: Clock, note: Note
) -> None:
    """Carry a request to the product and its answer back."""
    sent_at = time.monotonic()
    try:
        answer = await door.send(desktop, request)
    except asyncio.CancelledError:  # the product may have done as it was asked
        note(Exchange(desktop, request, Answer(UNREACHABLE), sent_at, time.monotonic()))
        raise
    received_at = time.monotonic()

    desktop.hear(request, answer, clock.now())
    note(Exchange(desktop, request, answer, sent_at, received_at))


async def go_home(desktops: Iterable[Desktop], door: HttpDoor, clock: Clock, note: Note) -> None:
    """Close every program properly, online, so that no seat stays taken."""

    async def close(desktop: Desktop) -> None:
        while request := desktop.farewell(clock.now()):
            await exchange(desktop, request, door, clock, note)
            if desktop.unsent_closes and desktop.tries:
                return  # the product does not answer; its grace periods take care of the seat

    async with asyncio.TaskGroup() as group:
        for desktop in desktops:
            group.create_task(close(desktop))
