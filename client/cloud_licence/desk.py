"""The desk: a program on its machine, with its policy and its store, while something is done."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cloud_licence import clocks, closes, device, machine, policy, records, store, words
from cloud_licence.clocks import Seen
from cloud_licence.machine import Identity
from cloud_licence.policy import Policy
from cloud_licence.records import Record
from cloud_licence.store import Store
from cloud_licence.transport import Service

SEEN: dict[Path, Seen] = {}
"""When this process last looked at each of its stores: time does not run backwards from there."""
HELD: dict[tuple[Path, int], Record] = {}
"""What a process that holds a seat last saw in a store, which may forget it."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """The program that asks. ``holder`` is the process for which a seat is held: 0 is whichever
    asks, a child of a fork too.

    ``optional_features`` are asked for too, but the program can do without them.
    ``pinned_keys`` are the service's public keys (JWK) that were built into the program: then
    no others count. ``policy`` is what it read at its start: a change takes effect at the next.
    ``language`` is the user's, such as ``de``; by default what the computer says.
    """

    version: str
    vendor: str = "Elecosoft"
    product: str = "Powerproject"
    software: str = ""
    features: tuple[str, ...] = ()
    optional_features: tuple[str, ...] = ()
    pinned_keys: tuple[dict[str, Any], ...] = ()
    holder: int = 0
    policy: Policy | None = None
    language: str = field(default_factory=lambda: machine.language(os.environ))

    def without(self, features: tuple[str, ...]) -> Program:
        """The same program, without asking for these features."""
        return replace(
            self,
            features=tuple(name for name in self.features if name not in features),
            optional_features=tuple(
                name for name in self.optional_features if name not in features
            ),
        )


class Desk:
    """A program on its machine, with its policy and store, while one function is at work."""

    def __init__(
        self, program: Program, *, newest_policy: Policy, identity: Identity, store: Store
    ) -> None:
        self.program = replace(program, holder=program.holder or os.getpid())
        self.identity = identity
        self.policy = program.policy or newest_policy
        self.newest_policy = newest_policy
        self.store = store
        self.record = self.kept = store.load()

    @property
    def now(self) -> float:
        """The service's time, as far as it is known."""
        path, monotonic = self.store.path, time.monotonic()
        at = clocks.now(time.time(), self.record.ahead, monotonic, SEEN.get(path))
        SEEN[path] = Seen(at, monotonic)
        return at

    def set_clock(self, server_time: float) -> None:
        """Believe what the service says about the time."""
        ahead = server_time - time.time()
        self.keep(ahead=ahead, latest=server_time, server_time=server_time)
        SEEN[self.store.path] = Seen(server_time, time.monotonic())

    @property
    def has_clock_problem(self) -> bool:
        """Whether the clock was turned back since it was last looked at."""
        return clocks.was_turned_back(self.now, self.record.latest)

    @property
    def service(self) -> Service:
        """The service that the policy names."""
        return Service(
            url=self.policy.service_url,
            proxy=self.policy.proxy,
            timeout=self.policy.timeout_seconds,
            language=self.program.language or words.ENGLISH,
        )

    def keep(self, **changes: Any) -> None:
        """Change the record, which is written at the end."""
        self.record = replace(self.record, **changes)

    def write(self) -> None:
        """Write the record now if it has changed."""
        if self.record != self.kept:
            self.store.save(self.record)
            self.kept = self.record

    def device_id(self) -> str:
        """The id of this installation; empty if none can be kept."""
        return device.kept(self.place_of_device, machine.machine_id(), machine.new_id())

    @property
    def is_copied(self) -> bool:
        """Whether the record came with the disk of another machine, of which this is a clone."""
        text, machine_id = device.text_of(self.place_of_device), machine.machine_id()
        copied = device.id_copied(text, machine_id)
        is_known = self.record.device_id == copied
        return bool(copied) and (is_known or not device.id_in(text, machine_id))

    @property
    def place_of_device(self) -> Path:
        """Where the id of this installation is kept."""
        program = self.program
        return store.place_of_device(program.vendor, program.product, self.identity.machine_name)


@contextlib.contextmanager
def at_desk(program: Program) -> Iterator[Desk]:
    """The desk of this user on this machine; what changed there is kept. Raise StoreBusy."""
    identity = machine.identity()
    place = store.place(program.vendor, program.product, identity.machine_name, identity.os_session)
    kept = Store(
        place, identity.machine_name, identity.username, identity.os_session, program.language
    )
    with kept.locked():
        newest_policy = policy.read(program.vendor, program.product)
        desk = Desk(program, newest_policy=newest_policy, identity=identity, store=kept)
        forget_the_dead(desk)
        if not desk.record.holders and desk.is_copied:
            desk.record = records.of_clone(desk.record)
        recall(desk)
        try:
            yield desk
        finally:
            if not desk.has_clock_problem:
                desk.keep(latest=max(desk.record.latest, desk.now))
            remember_held(desk)
            desk.write()


def forget_the_dead(desk: Desk) -> None:
    """Count only processes that still run: one that was killed could not say goodbye."""
    desk.keep(holders=tuple(held for held in desk.record.holders if machine.is_alive(held)))


def hold_for(desk: Desk, pid: int) -> None:
    """Count a process that has the program open."""
    if not desk.record.situation.is_open:
        return
    if held := machine.holder(pid):
        others = tuple(other for other in desk.record.holders if other.pid != pid)
        desk.keep(holders=(*others, held))


def is_holder(desk: Desk) -> bool:
    """Whether the process of this program is counted."""
    return any(held.pid == desk.program.holder for held in desk.record.holders)


def remember_held(desk: Desk) -> None:
    """Know without the store what a process that holds a seat has."""
    place = desk.store.path, desk.program.holder
    if is_holder(desk):
        HELD[place] = desk.record
    else:
        HELD.pop(place, None)


def recall(desk: Desk) -> None:
    """Let a program that is open, and that its store forgot, hold its seat again: with those who
    hold one now, or as it was. Of two sessions one is to be closed."""
    known = HELD.get((desk.store.path, desk.program.holder))
    if known is None or is_holder(desk):
        return
    spare = desk.record.situation.session
    if desk.record.holders and desk.record.situation.is_open:
        spare = known.situation.session
    else:
        go_on_with(desk, known)
    session = desk.record.situation.session
    if spare and (session is None or spare.id != session.id):
        desk.record = closes.queue(desk.record, spare, desk.record.latest)
    hold_for(desk, desk.program.holder)


def go_on_with(desk: Desk, known: Record) -> None:
    """Go on as it was; a session that it had is asked about at once, for others may have closed
    it, or moved the licence away."""
    if not desk.record.server_time:  # the store was lost whole
        desk.record = replace(known, holders=())
    situation = known.situation
    if situation.session:
        situation = replace(situation, talk_at=desk.now)
    desk.keep(
        situation=situation,
        device_id=known.device_id,
        serial_number=known.serial_number,
        licence_name=known.licence_name,
    )
