"""Fleet: simulated desktops that try a running product, and judge it."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import random
from collections.abc import Callable, Sequence

from licensing import audit, licences
from licensing.licences import OfflinePolicy, Order
from licensing.models.licences import UsageModel
from support.demo.days import HOUR, life, working_days
from support.demo.desktops import Desktop
from support.demo.estate import BUSY, Team
from support.demo.http_door import HttpDoor, connect
from support.demo.real_time import Clock, Exchange, go_home, live
from support.demo.report import Report
from support.demo.witness import Promise, Witness

WORKING_DAY = 12 * HOUR
"""A fleet's days come one after the other, without the nights."""
SHORTEST_PRESET = licences.STRICT.reclaim_after
KEPT_FOR_EVER = float("inf")

# What share of the desktops uses it, its seats for each of them, and what is special about it.
POOLS: Sequence[tuple[str, float, float, dict[str, object]]] = (
    ("roomy", 0.30, 1.1, {"policy": licences.FRIENDLY}),
    ("tight", 0.25, 0.6, {"policy": licences.FRIENDLY, "to_a_machine": 2}),
    ("terminal servers", 0.15, 0.8, {"policy": licences.STRICT, "hosts": ("CTX-1", "CTX-2")}),
    ("trusting", 0.10, 0.7, {"policy": licences.TRUSTING}),
    ("hold", 0.10, 0.9, {"policy": licences.HOLD}),
    (
        "single user",
        0.10,
        0.8,
        {"policy": licences.FRIENDLY_SINGLE_USER, "usage_model": UsageModel.SINGLE_USER},
    ),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """A licence that the fleet uses, and the people who do."""

    team: Team
    serial_number: str
    product_key: str = dataclasses.field(repr=False)
    kept_for: float

    @property
    def promise(self) -> Promise:
        """What the witness knows of it."""
        return Promise(self.team.licence, self.team.seats, self.kept_for)


def teams_of(account: str, desktops: int) -> list[Team]:
    """So many people, on pools of several sizes and policies and a single-user licence."""
    teams, left = [], desktops
    for name, share, seats_each, details in reversed(POOLS):
        people = left if name == POOLS[0][0] else min(left, round(desktops * share))
        left -= people
        if not people:
            continue
        teams.append(
            Team(
                account=account,
                licence=f"Fleet {name}",
                seats=max(1, round(people * seats_each)),
                people=people,
                domain="FLEET",
                machines=name.upper().replace(" ", "-") + "-{:04}",
                habits=BUSY,
                **details,  # type: ignore[arg-type]
            )
        )
    return teams


def issue(account: str, desktops: int, *, speed: float) -> list[Target]:
    """Licences of the fleet's own, whose grace periods are as short as its days."""
    by = audit.Actor("command", "", "Fleet")
    targets = []
    for team in teams_of(account, desktops):
        assert team.policy is not None
        policy = shortened(team.policy, speed)
        order = Order(
            account_name=account,
            seats=team.seats,
            usage_model=team.usage_model,
            name=team.licence,
            policy=policy,
        )
        key, product_key = licences.issue(order, by=by, reason="Load test")
        kept_for = policy.reclaim_after.total_seconds() if policy.reclaim_after else KEPT_FOR_EVER
        targets.append(Target(team, key.serial_number, product_key, kept_for))
    return targets


def shortened(policy: OfflinePolicy, speed: float) -> OfflinePolicy:
    """The policy for people whose days go by so much faster."""
    reclaim_after = policy.reclaim_after and policy.reclaim_after / speed
    return OfflinePolicy(policy.grace_period / speed, reclaim_after)


def given(serial_number: str, product_key: str, seats: int, desktops: int) -> Target:
    """A licence that somebody else issued: nobody's seat goes sooner than by the strict preset."""
    team = Team(
        account="",
        licence=f"Licence {serial_number}",
        seats=seats,
        people=desktops,
        domain="FLEET",
        machines="FLEET-{:04}",
        habits=BUSY,
    )
    assert SHORTEST_PRESET is not None
    return Target(team, serial_number, product_key, SHORTEST_PRESET.total_seconds())


def desktops_of(target: Target, clock: Clock) -> list[Desktop]:
    """The target's desktops, each with a working life that begins now."""
    team = target.team
    return [
        Desktop(
            client,
            target.serial_number,
            life(name, team.habits, working_days(clock.start, WORKING_DAY)),
            random.Random(name),  # noqa: S311
        )
        for number, client in enumerate(team.clients())
        if (name := f"{team.licence}, {number}")
    ]


@dataclasses.dataclass(slots=True)
class Run:
    """A fleet at work: its desktops, who counts and who judges."""

    url: str
    targets: Sequence[Target]
    clock: Clock
    desktops: list[Desktop]
    report: Report
    witness: Witness

    def note(self, exchange: Exchange) -> None:
        """Count and judge one request."""
        self.report.hear(exchange)
        self.witness.hear(exchange)

    async def live(self, seconds: float, show: Callable[[str], None]) -> None:
        """Live so many real seconds, then close every program; show a line each second."""
        showing = asyncio.create_task(self.show_lines(show))
        async with connect(self.url) as client:
            keys = {target.serial_number: target.product_key for target in self.targets}
            door = HttpDoor(client, keys, self.clock)
            until = self.clock.start + seconds * self.clock.speed
            await live(self.desktops, door, self.clock, until=until, note=self.note)
            await go_home(self.desktops, door, self.clock, self.note)
        showing.cancel()

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


def prepare(url: str, targets: Sequence[Target], *, speed: float) -> Run:
    """A fleet that is about to begin its first day."""
    clock = Clock(speed)
    desktops = [desktop for target in targets for desktop in desktops_of(target, clock)]
    promises = {target.serial_number: target.promise for target in targets}
    report = Report(desktops, clock, WORKING_DAY)
    return Run(url, targets, clock, desktops, report, Witness(promises))


def account_name(now: dt.datetime) -> str:
    """The account of the fleet that starts now."""
    return f"Fleet {now:%Y-%m-%d %H:%M:%S.%f}"[:-3]
