"""The desk: a program on its machine, with its policy and its store, while something is done.

What is heard from the service is kept here, and what the service must hear is sent.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cloud_licence import leases, machine, policy, records, states, store
from cloud_licence.answers import Answer, Granted, NoAnswer, Refused
from cloud_licence.machine import Identity
from cloud_licence.policy import Policy
from cloud_licence.records import Record
from cloud_licence.states import Situation
from cloud_licence.store import Store
from cloud_licence.transport import Service

READ_AS = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The program that asks. ``holder`` is the process for which a seat is held.

    ``pinned_keys`` are the service's public keys (JWK) that were built into the program, and
    ``policy`` what it read at its start: a change takes effect at the next.
    """

    version: str
    vendor: str = "Elecosoft"
    product: str = "Powerproject"
    software: str = ""
    features: tuple[str, ...] = ()
    pinned_keys: tuple[dict[str, Any], ...] = ()
    holder: int = field(default_factory=os.getpid)
    policy: Policy | None = None


@dataclass(slots=True, kw_only=True)
class Desk:
    """A program on its machine, with its policy and store, while one function is at work."""

    program: Program
    identity: Identity
    policy: Policy
    newest_policy: Policy
    store: Store
    record: Record

    @property
    def now(self) -> float:
        """The service's time, as far as it is known."""
        return time.time() + self.record.ahead

    @property
    def service(self) -> Service:
        """The service that the policy names."""
        return Service(
            url=self.policy.service_url,
            proxy=self.policy.proxy,
            timeout=self.policy.timeout_seconds,
        )

    def keep(self, **changes: Any) -> None:
        """Change the record, which is written at the end."""
        self.record = dataclasses.replace(self.record, **changes)


@contextlib.contextmanager
def at_desk(program: Program) -> Iterator[Desk]:
    """The desk of this user on this machine; what changed there is kept. Raise StoreBusy."""
    identity = machine.identity()
    place = store.place(program.vendor, program.product, identity.machine_name, identity.os_session)
    kept = Store(place, identity.machine_name, identity.username, identity.os_session)
    with kept.locked():
        record = kept.load()
        newest_policy = policy.read(program.vendor, program.product)
        desk = Desk(
            program=program,
            identity=identity,
            policy=program.policy or newest_policy,
            newest_policy=newest_policy,
            store=kept,
            record=record,
        )
        forget_the_dead(desk)
        try:
            yield desk
        finally:
            if not has_clock_problem(desk):
                desk.keep(latest=max(desk.record.latest, desk.now))
            if desk.record != record:
                kept.save(desk.record)


def forget_the_dead(desk: Desk) -> None:
    """Count only processes that still run: one that was killed could not say goodbye."""
    desk.keep(holders=tuple(held for held in desk.record.holders if machine.is_alive(held)))


def has_clock_problem(desk: Desk) -> bool:
    """Whether the clock was turned back since the program last ran."""
    return leases.was_turned_back(desk.now, desk.record.latest)


def check_out(desk: Desk) -> Answer:
    """What the service says to somebody who asks for a seat."""
    document: dict[str, Any] = {
        "serial_number": desk.policy.serial_number,
        "product_key": desk.policy.product_key,
        "machine_name": desk.identity.machine_name,
        "username": desk.identity.username,
        "version": desk.program.version,
    }
    if desk.identity.os_session:
        document["os_session"] = desk.identity.os_session
    if desk.program.software:
        document["product"] = desk.program.software
    if desk.program.features:
        document["features"] = list(desk.program.features)
    return desk.service.check_out(document)


def hear(desk: Desk, answer: Answer) -> None:
    """Keep what follows from the service's answer."""
    if isinstance(answer, Granted):
        answer = keep_lease(desk, answer)
    situation = states.hear(desk.record.situation, answer, desk.now, uniform)
    desk.keep(situation=situation)
    if isinstance(answer, Refused) and not situation.grace_until:
        desk.keep(lease="")


def uniform(least: float, most: float) -> float:
    """A random number between two; loading ``random`` for it takes longer than all the rest."""
    return least + (most - least) * int.from_bytes(os.urandom(4)) / 2**32


def keep_lease(desk: Desk, answer: Granted) -> Granted:
    """Keep the lease of a grant, and set our clock by the service's.

    A lease that cannot be verified opens nothing offline; the seat is held all the same.
    """
    desk.keep(
        ahead=answer.server_time - time.time(),
        latest=answer.server_time,
        licence_name=answer.licence_name,
        serial_number=answer.serial_number,
    )
    lease = verified_lease(desk, answer.lease)
    if lease is None:
        if fetched := desk.service.keys():
            desk.keep(keys=tuple(fetched))
        lease = verified_lease(desk, answer.lease)
    desk.keep(lease=answer.lease if lease else "")
    if lease is None:
        desk.store.notices.append("The licence cannot be used offline: its lease is not signed.")
    return dataclasses.replace(answer, grace_until=float(lease.until) if lease else 0.0)


def lease_end(desk: Desk) -> float:
    """Until when the lease on disk lets the program open offline; 0 if it does not."""
    if not desk.record.lease:
        return 0.0
    lease = verified_lease(desk, desk.record.lease)
    if lease is None or desk.now < lease.signed_at - leases.CLOCK_TOLERANCE:
        return 0.0
    return float(lease.until)


def verified_lease(desk: Desk, text: str) -> leases.Lease | None:
    """The lease that a text holds, if the service signed it for this user on this machine."""
    try:
        return leases.verified(
            text,
            [*desk.program.pinned_keys, *desk.record.keys],
            machine_name=desk.identity.machine_name,
            username=desk.identity.username,
            product=desk.program.software,
        )
    except leases.LeaseNotValid:
        return None


def send_closes(desk: Desk) -> None:
    """Say which sessions were closed, as long as the service answers."""
    while desk.record.closes:
        first = desk.record.closes[0]
        ended_at = records.ended_at(first, desk.now)
        answer = desk.service.close(first.session, ended_at=ended_at)
        desk.record = records.hear_of_close(desk.record, answer)
        if isinstance(answer, NoAnswer):
            return


def give_back(desk: Desk) -> None:
    """Close the session, now or when the service can be reached again."""
    desk.record = records.queue_close(desk.record, desk.now)
    if lasts_no_longer(desk):
        desk.keep(lease="", situation=Situation())
    send_closes(desk)


def lasts_no_longer(desk: Desk) -> bool:
    """Whether the lease ends with a clean close, for it promises so little."""
    lease = verified_lease(desk, desk.record.lease) if desk.record.lease else None
    return lease is not None and lease.until - lease.signed_at <= records.SHORT_LEASE


def hold_for(desk: Desk, pid: int) -> None:
    """Count a process that has the program open."""
    if not desk.record.situation.is_open:
        return
    if held := machine.holder(pid):
        others = tuple(other for other in desk.record.holders if other.pid != pid)
        desk.keep(holders=(*others, held))


def is_other_key(serial_number: str, other: str) -> bool:
    """Whether two serial numbers differ by more than how they were typed."""
    return as_read(serial_number) != as_read(other)


def as_read(serial_number: str) -> str:
    """A serial number without dashes and spaces, its letters as the service reads them."""
    return re.sub(r"[\s‐-―-]", "", serial_number).upper().translate(READ_AS)
