"""A client of the proof: several people at several machines that nobody else uses.

One request at a time; only one that was cut off may still be under way beside the next.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bench.load import Answer, request
from prove import plan
from prove.history import Pool, Request, Writer
from prove.line import Line

MACHINES = 4
MOST_HELD = 12
CUT = 0.01
"""The share of requests whose connection is cut, half of them in mid-answer."""
PAUSE_WHEN_DOWN = 0.2  # seconds

Verb = Literal["check_out", "refresh", "close", "move"]


@dataclass(frozen=True, slots=True)
class Held:
    """A session that a client believes it has."""

    pool: Pool
    machine: str
    session: str
    token: str


@dataclass(frozen=True, slots=True)
class Unheard:
    """A session of an own id that may have been opened: the answer never came."""

    pool: Pool
    machine: str
    session: str


@dataclass(frozen=True, slots=True)
class Queued:
    """A close that happened offline, and is sent when there is a connection again."""

    held: Held
    ended_at: float


@dataclass(frozen=True, slots=True)
class About:
    """What a request is about, for the history."""

    verb: Verb
    pool: Pool
    machine: str
    session: str | None = None
    own: str | None = None
    ended_at: float | None = None
    by_key: bool = False


@dataclass(slots=True)
class Progress:
    """How far all clients are together."""

    plan: plan.Plan
    until: float
    stop: Path
    done: int = 0

    @property
    def is_over(self) -> bool:
        is_done = self.done >= self.plan.operations or time.time() > self.until
        return is_done or self.stop.exists()


class Desktop:
    """One client: it opens, refreshes, closes, crashes, moves and tries what must fail."""

    def __init__(self, number: int, folder: Path, progress: Progress, history: Writer) -> None:
        self.number, self.folder, self.history = number, folder, history
        self.progress = progress
        self.pools = progress.plan.pools
        self.keys = plan.keys(folder)
        self.chance = random.Random(progress.plan.seed * 1000 + number)
        self.line = Line(progress.plan.port)
        self.held: list[Held] = []
        self.ended: list[Held] = []
        self.queued: list[Queued] = []
        self.unheard: list[Unheard] = []

    async def work(self) -> None:
        """Ask one thing after the other until the run is over."""
        while not self.progress.is_over:
            await self.choose()

    async def choose(self) -> None:
        """Do any one thing."""
        dice = self.chance.random()
        if not self.held or (dice < 0.36 and len(self.held) < MOST_HELD):
            await self.check_out(self.chance.choice(self.pools), self.any_machine())
        elif dice < 0.70:
            await self.refresh(self.chance.choice(self.held))
        elif dice < 0.88:
            await self.end("close", self.chance.choice(self.held))
        elif dice < 0.91:
            self.close_offline(self.chance.choice(self.held))
        elif dice < 0.94:
            await self.close_late() if self.queued else None
        elif dice < 0.945:
            await self.close_unheard() if self.unheard else None
        elif dice < 0.95:
            single = [held for held in self.held if held.pool.usage_model == "single-user"]
            await self.end("move", single[0]) if single else None
        elif dice < 0.96:
            self.held.remove(self.chance.choice(self.held))  # a program that crashed
        elif dice < 0.98:
            twice = self.chance.choice(self.held)
            await self.check_out(twice.pool, twice.machine)
        elif dice < 0.999:
            await self.refresh(self.chance.choice(self.ended)) if self.ended else None
        else:
            await self.check_out(self.chance.choice(self.pools), self.any_machine(), wrong=True)

    def any_machine(self) -> str:
        return f"PC-{self.number}-{self.chance.randrange(MACHINES)}"

    async def check_out(self, pool: Pool, machine: str, *, wrong: bool = False) -> None:
        """Ask for a seat, again with the same id if the answer was cut off."""
        key = self.keys[pool.licence]
        own = self.own_id()
        body: dict[str, Any] = {
            "serial_number": key.serial_number,
            "product_key": "00000-00000-00000-00000-00000-00000" if wrong else key.product_key,
            "machine_name": machine,
            "username": self.username(machine),
            "version": "16.0.02",
        }
        if pool.limited and self.chance.random() < 0.5:
            body["features"] = list(pool.limited)
        if own:
            body["session_id"] = own
        about = About("check_out", pool, machine, own=own)
        answer = await self.ask(about, "POST", "", body=body)
        if own and (answer is None or answer.status >= 500):
            self.unheard.append(Unheard(pool, machine, own))
        elif answer and answer.status in (200, 201):
            document = answer.json()
            self.forget(document["id"])
            self.unheard = [one for one in self.unheard if one.session != document["id"]]
            self.held.append(Held(pool, machine, document["id"], document["token"]))
        elif answer and answer.status == 403:
            self.keys = plan.keys(self.folder)  # it may have been replaced

    def own_id(self) -> str | None:
        """None, a new id, or now and then one that is over or another machine's."""
        dice = self.chance.random()
        if dice < 0.3:
            return None
        if dice < 0.33 and self.ended:
            return self.chance.choice(self.ended).session
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    async def refresh(self, held: Held) -> None:
        """Renew a session; one that has ended is only tried now and then."""
        about = About("refresh", held.pool, held.machine, held.session)
        answer = await self.ask(about, "POST", f"/{held.session}/refresh", token=held.token)
        if answer and answer.status in (403, 410):
            self.forget(held.session)
            self.remember(held)

    async def end(self, verb: Verb, held: Held) -> None:
        """Close or move, until the answer has come."""
        path = f"/{held.session}" + ("/device" if verb == "move" else "")
        about = About(verb, held.pool, held.machine, held.session)
        answer = await self.ask(about, "DELETE", path, token=held.token)
        if answer and answer.status in (204, 410):
            self.forget(held.session)
            self.remember(held)

    def close_offline(self, held: Held) -> None:
        """End a program without a connection; it may be opened again before that is told."""
        self.queued.append(Queued(held, time.time()))
        self.forget(held.session)
        if self.chance.random() < 0.5:
            self.held.append(held)  # it goes on by the lease that it kept

    async def close_late(self) -> None:
        """Tell of the oldest close that happened offline, with the token or with the key."""
        queued = self.queued.pop(0)
        held, by_key = queued.held, self.chance.random() < 0.5
        about = About(
            "close", held.pool, held.machine, held.session,
            ended_at=queued.ended_at, by_key=by_key,
        )  # fmt: skip
        at = dt.datetime.fromtimestamp(queued.ended_at, dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        pair, token = (self.pair(held.pool), "") if by_key else ("", held.token)
        path = f"/{held.session}?ended_at={at}"
        await self.ask(about, "DELETE", path, token=token, pair=pair)

    async def close_unheard(self) -> None:
        """Close by its key what may have been opened, if it was."""
        unheard = self.unheard.pop(0)
        about = About("close", unheard.pool, unheard.machine, unheard.session, by_key=True)
        pair = self.pair(unheard.pool)
        answer = await self.ask(about, "DELETE", f"/{unheard.session}", pair=pair)
        if answer is None or answer.status >= 500:
            self.unheard.append(unheard)

    def pair(self, pool: Pool) -> str:
        """The key that the client has of a pool, as it proves a close."""
        key = self.keys[pool.licence]
        return f"{key.serial_number}:{key.product_key}"

    def forget(self, session: str) -> None:
        self.held = [held for held in self.held if held.session != session]

    def remember(self, held: Held) -> None:
        self.ended = [*self.ended[-20:], held]

    def username(self, machine: str) -> str:
        return f"CUSTOMER\\user of {machine}"

    async def ask(
        self,
        about: About,
        method: str,
        path: str,
        *,
        body: Any = None,
        token: str = "",
        pair: str = "",
    ) -> Answer | None:
        """Send a request and write it down with its answer; one that got none is sent once more."""
        address = f"/api/v1/sessions{path}"
        text = request(about.verb, method, address, body=body, token=token, pair=pair).text
        for _ in range(2):
            cut_after = self.cut_after()
            sent = time.time()
            answer = await self.line.ask(text, cut_after=cut_after)
            self.write_down(about, sent, answer, cut=cut_after is not None)
            if (answer is None and cut_after is None) or (answer and answer.status >= 500):
                await asyncio.sleep(PAUSE_WHEN_DOWN)
            else:
                self.progress.done += 1
            if answer:
                break
        return answer

    def cut_after(self) -> int | None:
        """After how many bytes of the answer to cut the connection, if at all."""
        dice = self.chance.random()
        if dice >= CUT:
            return None
        return 0 if dice < CUT / 2 else 40

    def write_down(self, about: About, sent: float, answer: Answer | None, *, cut: bool) -> None:
        """Add a request and what was answered to the history."""
        document = answer.json() if answer and answer.body else {}
        server_time = document.get("server_time")
        self.history.write(
            Request(
                client=self.number,
                verb=about.verb,
                licence=about.pool.licence,
                machine=about.machine,
                username=self.username(about.machine),
                session=about.session,
                own=about.own,
                ended_at=about.ended_at,
                by_key=about.by_key,
                cut=cut,
                sent=sent,
                received=time.time() if answer else None,
                status=answer.status if answer else None,
                code=document.get("code", ""),
                granted=document.get("id"),
                server_time=server_time and dt.datetime.fromisoformat(server_time).timestamp(),
            )
        )
