"""Fleet: simulated desktops that try a running product, and judge it."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence

import httpx

from support.demo.desktops.desktop import Desktop
from support.demo.desktops.http_door import HttpDoor, connect
from support.demo.desktops.real_time import Exchange, go_home, live
from support.demo.desktops.simulated_time import Clock
from support.demo.fleet.administrators import Administrators
from support.demo.fleet.ledger import Ledger
from support.demo.fleet.promises import Promise
from support.demo.fleet.report import Report
from support.demo.fleet.targets import WORKING_DAY, Target, desktops_of
from support.demo.fleet.witness import Witness

CUT_OFF = 0.005
"""The share of the product's answers that never reach their desktops."""


@dataclasses.dataclass(slots=True)
class Run:
    """A fleet at work: its desktops, who administers, who counts and who judges."""

    url: str
    clock: Clock
    desktops: list[Desktop]
    product_keys: dict[str, str]
    report: Report
    witness: Witness
    ledger: Ledger
    administrators: Administrators | None

    def note(self, exchange: Exchange) -> None:
        """Count and judge one request."""
        self.report.hear(exchange)
        self.witness.hear(exchange)
        self.ledger.hear(exchange)

    async def live(self, seconds: float, show: Callable[[str], None]) -> None:
        """Live so many real seconds, then close every program; show a line each second."""
        showing = asyncio.create_task(self.show_lines(show))
        async with connect(self.url) as client:
            await self.work(self.door(client, lost=CUT_OFF), seconds)
            await go_home(self.desktops, self.door(client), self.clock, self.note)
        showing.cancel()

    def door(self, client: httpx.AsyncClient, *, lost: float = 0) -> HttpDoor:
        """The way to the product, with the keys that there are and will be."""
        return HttpDoor(client, self.product_keys, self.clock, lost=lost)

    async def work(self, door: HttpDoor, seconds: float) -> None:
        """Let desktops and administrators live so many real seconds."""
        until = self.clock.start + seconds * self.clock.speed
        async with asyncio.TaskGroup() as group:
            group.create_task(live(self.desktops, door, self.clock, until=until, note=self.note))
            if self.administrators:
                group.create_task(self.administrators.work(until))

    async def show_lines(self, show: Callable[[str], None]) -> None:
        """Show how things stand, each second."""
        while True:
            await asyncio.sleep(1)
            show(self.report.line())

    def complaints(self) -> list[str]:
        """A sentence for each promise that the product broke, as its clients saw it."""
        return [*self.witness.complaints(), *self.uselessness()]

    def uselessness(self) -> list[str]:
        """A sentence if no desktop ever had a session: then nothing was tried."""
        if any(outcome.startswith("20") for _, outcome in self.report.answers):
            return []
        return ["No desktop ever got a licence: does the product use this database and these keys?"]


def prepare(url: str, targets: Sequence[Target], *, speed: float, administered: bool = True) -> Run:
    """A fleet that is about to begin its first day.

    It is ``administered`` where its licences are in this environment's database.
    """
    clock = Clock(speed)
    desktops = [desktop for target in targets for desktop in desktops_of(target, clock)]
    promises: dict[str, Promise] = {target.serial_number: target.promise for target in targets}
    product_keys = {target.serial_number: target.product_key for target in targets}
    ledger = Ledger(promises, speed=speed)
    administrators = Administrators(targets, desktops, product_keys, promises, ledger, clock)
    return Run(
        url=url,
        clock=clock,
        desktops=desktops,
        product_keys=product_keys,
        report=Report(desktops, clock, WORKING_DAY),
        witness=Witness(promises, speed=speed),
        ledger=ledger,
        administrators=administrators if administered else None,
    )


def account_name(now: dt.datetime) -> str:
    """The account of the fleet that starts now."""
    return f"Fleet {now:%Y-%m-%d %H:%M:%S.%f}"[:-3]
