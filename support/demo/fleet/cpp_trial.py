"""Trial in C++: programs over the library that vendors link, killed and cut off; seats must agree.

Nothing is simulated but the people and the weather: each program is a process with a store on
disk, a thread of its own and a way to the product that is lost now and then.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from django.db import connection
from django.utils import timezone

from licensing import audit, licences
from licensing.licences import OfflinePolicy, Order
from licensing.models import ClientSession, ProductKey
from support.demo.fleet.computers import Computer, Program
from support.demo.fleet.networks import LOST, Mood, Network
from support.demo.fleet.report import table
from support.demo.fleet.trial import account_name

SEATS_EACH = 0.8
"""So many seats for each computer: there is always somebody whom a full pool refuses."""
BY = audit.Actor("command", "", "Fleet")
SHORT = OfflinePolicy(dt.timedelta(minutes=1), dt.timedelta(minutes=1))
KILLED = 0.35
"""So many of the programs are killed; the others are closed."""
AT_ONCE = 4
"""So many programs end together, for each has a fifth of a second to say so."""
ROUNDS = 10
"""So often is tried what a busy machine may prevent."""
REFUSED = "denied shut pool_exhausted"


@dataclasses.dataclass(slots=True)
class Trial:
    """Computers, one licence that they share, and what is seen of both."""

    computers: list[Computer]
    key: ProductKey
    product_key: str = dataclasses.field(repr=False)
    did: Counter[str] = dataclasses.field(default_factory=Counter)
    wrong: list[str] = dataclasses.field(default_factory=list)
    counted: list[tuple[str, str, str]] = dataclasses.field(default_factory=list)
    longest_end: float = 0
    pace: float = 1
    """How long things take, of what they take in a run of a minute or more."""

    @property
    def seats(self) -> int:
        """How many there are."""
        return self.key.licence.seats

    async def live(self, seconds: float, show: Callable[[str], None]) -> None:
        """Live so many seconds, then see whose seats are whose."""
        for computer in self.computers:
            await computer.set_up(self.key.serial_number, self.product_key)
        self.pace, until = min(1.0, seconds / 60), time.monotonic() + seconds
        showing = asyncio.create_task(self.show_lines(show))
        try:
            lives = (self.life(computer, until) for computer in self.computers)
            weathers = (self.weather(computer, until) for computer in self.computers)
            await asyncio.gather(*lives, *weathers)
            await self.settle()
        finally:
            showing.cancel()
            for computer in self.computers:
                computer.network.end()

    async def show_lines(self, show: Callable[[str], None]) -> None:
        """Show how things stand, each second."""
        while True:
            await asyncio.sleep(1)
            show(", ".join(f"{did} {times:,}" for did, times in sorted(self.did.items())))

    async def life(self, computer: Computer, until: float) -> None:
        """Somebody opens the program, works, and ends it, or it is killed; again and again."""
        rng = random.Random(computer.name)  # noqa: S311
        while time.monotonic() < until:
            program = await self.started(computer)
            if rng.random() < KILLED / 3:  # whatever it was about to do
                await asyncio.sleep(rng.uniform(0, 0.1))
            else:
                self.note_answer(await program.say("wait"))
                await asyncio.sleep(rng.uniform(0.2, 8) * self.pace)
            await (self.kill if rng.random() < KILLED else self.end)(program)
            await asyncio.sleep(rng.uniform(0, 2) * self.pace)

    async def weather(self, computer: Computer, until: float) -> None:
        """The network is lost now and then, in one of several ways."""
        network = computer.network
        rng = random.Random(f"{computer.name}, weather")  # noqa: S311
        while time.monotonic() < until:
            await asyncio.sleep(rng.uniform(0, 12) * self.pace)
            network.mood = rng.choice(LOST)
            self.did[f"network {network.mood}"] += 1
            await asyncio.sleep(rng.uniform(0, 4) * self.pace)
            network.mood = Mood.WORKING

    async def started(self, computer: Computer) -> Program:
        """A program that has just been started."""
        self.did["started"] += 1
        return await computer.start()

    def note_answer(self, status: str) -> None:
        """Count how a start went."""
        self.did[f"found {status or 'nothing'}"] += 1
        if not status:
            self.wrong.append("A program ended by itself.")

    async def kill(self, program: Program) -> None:
        """End a program as a crash does."""
        self.did["killed"] += 1
        await program.kill()

    async def end(self, program: Program) -> None:
        """End a program as its user does."""
        self.did["closed"] += 1
        self.longest_end = max(self.longest_end, await program.end())

    # What must hold

    async def settle(self) -> None:
        """With all networks whole: everybody opens, and then everybody closes."""
        programs = [await self.started(computer) for computer in self.computers]
        found = await in_turn(len(programs), (program.say("wait") for program in programs))
        for _ in range(ROUNDS):  # a seat may have come free since
            others = [at for at, status in enumerate(found) if status != "licensed open -"]
            if len(self.computers) - len(others) == min(self.seats, len(programs)):
                break
            for at in others:
                found[at] = await programs[at].try_again()
        await self.require_seats(found)
        await in_turn(AT_ONCE, (self.end(program) for program in programs))
        await self.say_the_rest()

    async def require_seats(self, found: list[str]) -> None:
        """Complain unless all seats are held, each by a program that says so."""
        active = await asyncio.to_thread(active_sessions, self.key)
        licensed = [
            c for c, status in zip(self.computers, found, strict=True) if is_licensed(status)
        ]
        held = {session for computer in licensed for session in computer.held}
        self.count("while all are open", active, len(licensed))
        if len(licensed) != min(self.seats, len(self.computers)):
            self.wrong.append(
                f"Of {self.seats} seats {len(licensed)} could be had: {Counter(found)}."
            )
        if active != held:
            self.wrong.append(
                f"{len(active - held)} sessions are nobody's; {len(held - active)} that programs "
                "have open are none of the product's."
            )

    async def say_the_rest(self) -> None:
        """Complain unless every seat has come back, once each close could be said."""
        for _ in range(ROUNDS):
            late = [computer for computer in self.computers if computer.unsent or computer.held]
            if not late:
                break
            await in_turn(AT_ONCE, (self.open_and_end(computer) for computer in late))
        active = await asyncio.to_thread(active_sessions, self.key)
        left = sum(len(computer.unsent | computer.held) for computer in self.computers)
        self.count("once all are closed", active, left)
        if active or left:
            self.wrong.append(f"{len(active)} seats did not come back, and {left} wait to be told.")

    async def open_and_end(self, computer: Computer) -> None:
        """Start a program, which says what an earlier one left to be said, and end it."""
        program = await self.started(computer)
        await program.say("wait")
        await self.end(program)

    def count(self, when: str, active: set[str], programs: int) -> None:
        """Note both sides' numbers."""
        self.counted.append((when, f"{len(active):,}", f"{programs:,}"))

    def tables(self) -> str:
        """What was done, and both sides' count of the seats."""
        did = [(name, f"{times:,}") for name, times in sorted(self.did.items())]
        did.append(("longest end of a program, ms", f"{self.longest_end:.0f}"))
        return "\n\n".join(
            [
                table(("The C++ desktops", "times"), did),
                table((f"Of {self.seats:,} seats held", "server", "programs"), self.counted),
            ]
        )


async def in_turn[T](most: int, tasks: Iterable[Awaitable[T]]) -> list[T]:
    """What the tasks bring, of which so many go on at once."""
    turns = asyncio.Semaphore(most)

    async def taken(task: Awaitable[T]) -> T:
        async with turns:
            return await task

    return list(await asyncio.gather(*map(taken, tasks)))


def is_licensed(status: str) -> bool:
    """Whether a program says that it has a seat."""
    return status == "licensed open -"


def active_sessions(key: ProductKey) -> set[str]:
    """The sessions that hold a seat, as the database has them; asked in a thread of its own."""
    try:
        active = ClientSession.objects.active().filter(licence=key.licence)
        return {str(pk) for pk in active.values_list("pk", flat=True)}
    finally:
        connection.close()


def prepare(count: int, url: str, program: Path, folder: Path) -> Trial:
    """So many computers and a pool that is a little too small for them, about to begin."""
    names = [f"CPP-{number:04}" for number in range(1, count + 1)]
    computers = [Computer(name, folder / name, program, Network(url)) for name in names]
    order = Order(
        account_name=account_name(timezone.now()),
        seats=max(1, round(count * SEATS_EACH)),
        name="Fleet C++",
        policy=SHORT,
    )
    key, product_key = licences.create(order, by=BY, reason="Load test")
    return Trial(computers, key, product_key)
