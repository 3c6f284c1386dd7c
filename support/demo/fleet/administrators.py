"""Administrators: what account holders and support do to a fleet's licences, day by day.

They act through the domain, in the database of the product that the fleet uses.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence

from django.db import connection

from licensing import audit, keys, licences, rules, sessions
from licensing.models import AccessRule, Licence, ProductKey
from licensing.rules import NewRule
from support.demo.desktops.days import HOUR, working_days
from support.demo.desktops.desktop import Desktop
from support.demo.desktops.simulated_time import Clock
from support.demo.fleet.ledger import Ledger
from support.demo.fleet.promises import Promise
from support.demo.fleet.targets import HOLD, ROOMY, TIGHT, WORKING_DAY, Target

ADMINISTRATORS = audit.Actor("command", "", "Fleet administrators")
OVERLAP = dt.timedelta(hours=1)
NOON = 4.0
"""Hours after the beginning of a working day."""
ONE_IN = 3
"""So many of the roomy pool's people are blocked, and of the tight one's hear of a new key late."""


@dataclasses.dataclass(slots=True)
class Administrators:
    """The people who run the fleet's licences; whatever they do, they tell the ledger."""

    targets: Sequence[Target]
    desktops: Sequence[Desktop]
    product_keys: dict[str, str]
    promises: dict[str, Promise]
    ledger: Ledger
    clock: Clock
    rules: list[AccessRule] = dataclasses.field(default_factory=list)

    async def work(self, until: float) -> None:
        """Do each day's work at its hours, until then."""
        for morning in working_days(self.clock.start, WORKING_DAY):
            for hour, deed in self.day():
                at = morning.at + hour * HOUR
                if at >= until:
                    return
                await self.clock.sleep_until(at)
                await asyncio.to_thread(perform, deed)

    def day(self) -> list[tuple[float, Callable[[], None]]]:
        """The hours of a working day and what is done then."""
        return [
            (1.5, self.replace_key),
            (1.8, self.block_people),
            (3.0, self.release_somebody),
            (NOON, self.lower_seats),
            (4.8, self.unblock_people),
            (5.2, self.raise_seats),
            (6.0, self.tell_the_rest),
        ]

    def target(self, name: str) -> Target | None:
        """The licence of this name; a small fleet does not have each."""
        return next((target for target in self.targets if target.team.licence == name), None)

    def replace_key(self) -> None:
        """Reissue the tight pool's key; most people hear of it before the overlap has ended."""
        if target := self.target(TIGHT):
            key = newest_key(target)
            new, product_key = keys.reissue(
                key, by=ADMINISTRATORS, reason="Routine", overlap=OVERLAP / self.clock.speed
            )
            self.product_keys[new.serial_number] = product_key
            self.promises[new.serial_number] = target.promise
            self.ledger.deeds["key_reissued"] += 1
            for number, desktop in enumerate(self.desktops_of(target)):
                if number % ONE_IN:
                    desktop.next_serial_number = new.serial_number

    def tell_the_rest(self) -> None:
        """Let everybody have the tight pool's newest key."""
        if target := self.target(TIGHT):
            serial_number = newest_key(target).serial_number
            for desktop in self.desktops_of(target):
                desktop.next_serial_number = serial_number

    def desktops_of(self, target: Target) -> list[Desktop]:
        """The desktops that use a licence, with whatever key."""
        return [
            desktop
            for desktop in self.desktops
            if self.promises[desktop.serial_number] == target.promise
        ]

    def block_people(self) -> None:
        """Block some of the roomy pool's people."""
        if target := self.target(ROOMY):
            licence = licence_of(target)
            for client in list(target.team.clients())[::ONE_IN]:
                wanted = NewRule(licence=licence, username=client.username)
                rule = rules.add(licence.account, wanted, by=ADMINISTRATORS, reason="On leave")
                self.rules.append(rule)
                self.ledger.blocked.add(client.username)
                self.ledger.deeds["rule_added"] += 1

    def unblock_people(self) -> None:
        """Lift every block."""
        while self.rules:
            lifted = rules.lift(self.rules.pop(), by=ADMINISTRATORS, reason="Back again")
            self.ledger.deeds["rule_lifted"] += lifted

    def release_somebody(self) -> None:
        """Free the seat that somebody holds in the pool that reclaims none."""
        if target := self.target(HOLD):
            session = licence_of(target).sessions.active().order_by("refreshed_at").first()
            if session and sessions.release(session, by=ADMINISTRATORS, reason="Seat needed"):
                self.ledger.hear_of_release(str(session.pk))

    def lower_seats(self) -> None:
        """Lower the roomy pool's limit to less than what is in use."""
        self.set_seats(lambda seats: max(1, seats // 3), reason="Order: fewer seats")

    def raise_seats(self) -> None:
        """Give the roomy pool the seats back that it had."""
        self.set_seats(lambda seats: seats, reason="Order: as many as before")

    def set_seats(self, number: Callable[[int], int], *, reason: str) -> None:
        """Change the roomy pool's limit to what follows from the one it was issued with."""
        if target := self.target(ROOMY):
            seats = number(target.team.seats)
            licences.set_seats(licence_of(target), seats, by=ADMINISTRATORS, reason=reason)
            self.ledger.deeds["seats_changed"] += 1


def perform(deed: Callable[[], None]) -> None:
    """Do it, on a connection of its own that is closed afterwards."""
    try:
        deed()
    finally:
        connection.close()


def newest_key(target: Target) -> ProductKey:
    """The key that replaced all others of a licence."""
    return licence_of(target).keys.order_by("-pk")[0]


def licence_of(target: Target) -> Licence:
    """The target's licence as it is now."""
    return Licence.objects.select_related("account").get(keys__serial_number=target.serial_number)
