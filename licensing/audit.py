"""The audit record: one entry for each change a person makes, in the change's own transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import translation

from licensing.clock import database_time
from licensing.models import Account, AuditEntry, OutboxEvent

FIRST = "0" * 64
"""What stands before an account's first entry in the chain."""

CHAINED = (
    "account_id", "number", "actor_kind", "actor_id", "actor_name", "action",
    "object_kind", "object_id", "object_name", "reason", "details",
)  # fmt: skip
ORIGIN = ("address", "user_agent", "request_id")
FOR_STAFF = ("ticket", "staff_words", "is_quiet")
LONGEST_USER_AGENT = 300
OF_THE_ACCOUNT = ("person", "token")
"""The kinds of actors who act within an account; others act upon it."""
NAMES_TAKEN_OUT = "person_erased"
"""The entry that seals what entries say since somebody's names were taken out of them."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a person, the support desk, an operator's command, the system."""

    kind: str
    id: str
    name: str


SYSTEM = Actor("system", "", "System")


@dataclass(frozen=True, slots=True)
class Origin:
    """From where a request comes: its address (None on a Unix socket), browser and id."""

    address: str | None = None
    user_agent: str = ""
    request_id: str = ""


NOWHERE = Origin()
current_origin: ContextVar[Origin] = ContextVar("current_origin", default=NOWHERE)


@contextmanager
def asked_from(origin: Origin) -> Iterator[None]:
    """Whatever is recorded within was asked for from there."""
    token = current_origin.set(origin)
    try:
        yield
    finally:
        current_origin.reset(token)


@dataclass(frozen=True, slots=True)
class ForStaff:
    """What the vendor's people keep of an act for themselves: its ticket, and their own words.

    A quiet act is told to the customer by no mail.
    """

    ticket: str = ""
    words: str = ""
    is_quiet: bool = False

    def __str__(self) -> str:
        return " ".join(filter(None, [self.words, f"Ticket {self.ticket}." if self.ticket else ""]))


NOTHING_KEPT = ForStaff()
current_for_staff: ContextVar[ForStaff] = ContextVar("current_for_staff", default=NOTHING_KEPT)


@contextmanager
def kept_for_staff(kept: ForStaff) -> Iterator[None]:
    """Whatever is recorded within has this beside what its account reads."""
    token = current_for_staff.set(kept)
    try:
        yield
    finally:
        current_for_staff.reset(token)


current_whole: ContextVar[int | None] = ContextVar("current_whole", default=None)


@contextmanager
def parts_of(whole: AuditEntry) -> Iterator[None]:
    """Whatever is recorded within, of the same account, is part of that act.

    It stands in the record, and nobody is told of it by itself: the act is what they are told of.
    """
    token = current_whole.set(whole.number)
    try:
        yield
    finally:
        current_whole.reset(token)


def record(
    obj: models.Model, action: str, *, by: Actor, reason: str = "", **details: Any
) -> AuditEntry:
    """Add an entry about ``obj`` to its account's chain, and its event to the outbox; return it.

    ``details`` are JSON values and never hold a secret.
    """
    [entry] = record_all([(obj, details)], action, by=by, reason=reason)
    return entry


@transaction.atomic(savepoint=False)  # the change's own, or one of its own
def record_all(
    changes: Sequence[tuple[models.Model, dict[str, Any]]],
    action: str,
    *,
    by: Actor,
    reason: str = "",
) -> list[AuditEntry]:
    """Add an entry about each object of one account, with its details, in their order.

    As ``record`` does for one, in as many queries; none when there is nothing to record. Raise
    InvalidOperation when the account's own people or programs do it, and it was closed meanwhile.
    """
    if not changes:
        return []
    account_id = account_of(changes[0][0])
    locked = Account.objects.locked(account_id)  # one writer per chain
    if by.kind in OF_THE_ACCOUNT:
        locked.require_open()
    last, before, at = end_of_chain(account_id)

    entries = []
    for number, (obj, details) in enumerate(changes, start=last + 1):
        entry = entry_about(obj, action, by=by, reason=reason, details=details)
        entry.account_id, entry.number, entry.at = account_id, number, at
        entry.digest = before = digest(entry, after=before)
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries)
    OutboxEvent.objects.bulk_create(
        OutboxEvent(account_id=account_id, entry=entry, kind=action)
        for entry in entries
        if entry.part_of is None
    )
    return entries


def end_of_chain(account_id: int) -> tuple[int, str, dt.datetime]:
    """The number and the digest of the account's last entry, and what time the database has."""
    chain = AuditEntry.objects.filter(account=account_id).order_by("-number")
    return chain.values_list("number", "digest", Now()).first() or (0, FIRST, database_time())


def account_of(obj: models.Model) -> int:
    """The id of the account in whose record an object's changes stand."""
    return obj.pk if isinstance(obj, Account) else obj.account_id  # type: ignore[attr-defined]


def entry_about(
    obj: models.Model, action: str, *, by: Actor, reason: str, details: dict[str, Any]
) -> AuditEntry:
    """An entry that has no place in a chain yet."""
    origin, kept = current_origin.get(), current_for_staff.get()
    return AuditEntry(
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name=by.name,
        action=action,
        object_kind=str(obj._meta.verbose_name),
        object_id=str(obj.pk),
        object_name=name_of(obj),
        reason=reason,
        details=details,
        address=origin.address,
        user_agent=origin.user_agent[:LONGEST_USER_AGENT],
        request_id=origin.request_id,
        ticket=kept.ticket,
        staff_words=kept.words,
        is_quiet=kept.is_quiet,
        part_of=current_whole.get(),
    )


def name_of(obj: models.Model) -> str:
    """What the record calls it: in one language, whoever acts."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(obj)[:255]


def digest(entry: AuditEntry, *, after: str) -> str:
    """SHA-256 over the entry and the digest of the one before it, in hexadecimal."""
    told = {name: getattr(entry, name) for name in CHAINED}
    told["at"] = entry.at.isoformat()
    # Entries of commands have none of these, and those of old were written before there were any.
    more = (*ORIGIN, *FOR_STAFF, "part_of")
    told |= {name: getattr(entry, name) for name in more if getattr(entry, name)}
    text = json.dumps([after, told], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def broken_links(account: Account) -> Iterator[int]:
    """The numbers of the entries that are missing or do not fit what stands before them.

    What names were taken out of has to be what it was since: all of it, as the last entry that
    tells of that sealed it.
    """
    expected_number, before, covered, sealed = 1, FIRST, b"", (0, "")
    for entry in account.audit_entries.order_by("number").iterator():
        if entry.number != expected_number or not is_itself(entry, after=before):
            yield expected_number
        covered += as_sealed(entry)
        if entry.action == NAMES_TAKEN_OUT or (entry.rewritten and not sealed[0]):
            sealed = entry.number, entry.details.get("seal", "")
        expected_number, before = entry.number + 1, entry.digest
    if sealed[1] != seal_over(covered):
        yield sealed[0]


def is_itself(entry: AuditEntry, *, after: str) -> bool:
    """Whether an entry says what it said at first, or since names were taken out of it."""
    return digest(entry, after=after) == (entry.rewritten or entry.digest)


def as_sealed(entry: AuditEntry) -> bytes:
    """What a seal covers of an entry: nothing, unless names were taken out of it."""
    return f"{entry.number}:{entry.rewritten};".encode() if entry.rewritten else b""


def seal_over(covered: bytes) -> str:
    """SHA-256, in hexadecimal; "" over nothing."""
    return hashlib.sha256(covered).hexdigest() if covered else ""


def verify(account: Account) -> tuple[int, list[int]]:
    """How many entries an account has, and the numbers at which its chain is broken."""
    return account.audit_entries.count(), list(broken_links(account))
