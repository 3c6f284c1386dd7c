"""Targets: the licences that a fleet uses, the people who do, and their desktops."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import random
from collections.abc import Iterator, Sequence

from licensing import audit, licences
from licensing.licences import OfflinePolicy, Order
from licensing.models.licences import UsageModel
from support.demo.desktops.days import HOUR, both, errands, life, restarts, working_days
from support.demo.desktops.desktop import Desktop
from support.demo.desktops.simulated_time import Clock
from support.demo.estate.teams import BUSY, Team
from support.demo.fleet.promises import Promise

WORKING_DAY = 12 * HOUR
"""A fleet's days come one after the other, without the nights."""
SHORTEST_PRESET = licences.STRICT.reclaim_after
KEPT_FOR_EVER = float("inf")
ASKS_OFTEN = licences.OfflinePolicy(dt.timedelta(minutes=15), None)
"""A seat is kept for ever, and its program refreshes as often as its days let it."""
MISSED = 1.5
"""So many refresh intervals of silence are long enough to make way for one's own."""
ONE_OLDER_IN = 4
"""So many of a team's programs, and one of them is of the time before session ids."""

ROOMY, TIGHT, HOLD = "Fleet roomy", "Fleet tight", "Fleet hold"
SINGLE_USER = {
    "policy": licences.FRIENDLY_SINGLE_USER,
    "usage_model": UsageModel.SINGLE_USER,
}
# What share of the desktops uses it, its seats for each person, and what is special about it.
# The first has what the others leave.
LICENCES: Sequence[tuple[str, float, float, dict[str, object]]] = (
    (ROOMY, 0.20, 1.1, {"policy": licences.FRIENDLY}),
    (TIGHT, 0.18, 0.6, {"policy": licences.FRIENDLY, "to_a_machine": 2}),
    (
        "Fleet terminal servers",
        0.12,
        0.8,
        {"policy": ASKS_OFTEN, "hosts": ("CTX-1", "CTX-2")},
    ),
    ("Fleet strict", 0.08, 0.8, {"policy": licences.STRICT}),
    ("Fleet trusting", 0.07, 0.7, {"policy": licences.TRUSTING}),
    (HOLD, 0.08, 0.9, {"policy": licences.HOLD}),
    ("Fleet 4D", 0.08, 0.9, {"features": ("bim", "4d:2"), "needs": ("4d",)}),
    ("Fleet clones", 0.10, 1.5, {"policy": licences.FRIENDLY, "clones": True}),
    ("Fleet single user", 0.08, 0.8, SINGLE_USER),
    ("Fleet moving", 0.08, 1.0, SINGLE_USER | {"carries": True}),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """A licence that the fleet uses, and the people who do."""

    team: Team
    serial_number: str
    product_key: str = dataclasses.field(repr=False)
    kept_for: float
    silent_after: float = float("inf")

    @property
    def promise(self) -> Promise:
        """What the witness knows of it."""
        return Promise(self.team.licence, self.team.seats, self.kept_for, self.silent_after)


def machines_each(team: Team) -> int:
    """On how many machines everybody in the team works."""
    return 2 if team.carries or team.clones else 1


def teams_of(account: str, desktops: int) -> list[Team]:
    """So many desktops, on pools of several sizes and policies and single-user licences."""
    teams, left = [], desktops
    for name, share, seats_each, details in reversed(LICENCES):
        each = 2 if {"carries", "clones"} & details.keys() else 1
        people = left if name == ROOMY else min(left, round(desktops * share)) // each
        left -= people * each
        if not people:
            continue
        teams.append(
            Team(
                account=account,
                licence=name,
                seats=max(1, round(people * seats_each)),
                people=people,
                domain="FLEET",
                machines=name.removeprefix("Fleet ").upper().replace(" ", "-") + "-{:04}",
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
        policy = shortened(team.policy or licences.default_policy(team.usage_model), speed)
        order = Order(
            account_name=account,
            seats=team.seats,
            usage_model=team.usage_model,
            name=team.licence,
            features=team.features,
            policy=policy,
        )
        key, product_key = licences.create(order, by=by, reason="Load test")
        kept_for = policy.reclaim_after.total_seconds() if policy.reclaim_after else KEPT_FOR_EVER
        silent_after = MISSED * policy.refresh_after.total_seconds()
        targets.append(Target(team, key.serial_number, product_key, kept_for, silent_after))
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


def desktops_of(target: Target, clock: Clock) -> Iterator[Desktop]:
    """The target's desktops, each with a working life that begins now."""
    team = target.team
    for (number, client), place in itertools.product(
        enumerate(team.clients()), range(machines_each(team))
    ):
        name = f"{team.licence}, {number}"
        rng = random.Random(name)  # noqa: S311
        if team.carries:
            moments = errands(rng, clock.start, place=place)
            client = dataclasses.replace(client, machine_name=f"{client.machine_name}-{place + 1}")
        else:
            whose = f"{name}, {place}" if place else name
            moments = life(whose, team.habits, working_days(clock.start, WORKING_DAY))
        if team.clones:
            client = dataclasses.replace(client, device_id=f"{client.machine_name}, {place + 1}")
        if team.hosts:
            days = working_days(clock.start, WORKING_DAY)
            moments = both(moments, restarts(rng, client.machine_name, days))
        is_older = number % ONE_OLDER_IN == 0 and not team.clones
        yield Desktop(
            client,
            target.serial_number,
            moments,
            random.Random(name),  # noqa: S311
            is_older=is_older,
        )
