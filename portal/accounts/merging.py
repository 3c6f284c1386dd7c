"""One account merged into another: everything moves in one transaction, and a closed shell stays.

``fates`` is the list of what becomes of each table.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction

from licensing import audit, clock, merging
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import Account, AuditEntry, Import
from portal.accounts import closing, endings, told
from portal.accounts.moving import MOVERS, people

MERGED_INTO, MERGED_FROM = "account_merged_into", "account_merged_from"
"""What the record of the one calls it, and that of the other."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How much came to the other account."""

    licences: int
    people: int
    in_both: int


def merge_of(old: Account) -> AuditEntry | None:
    """The entry of the merge by which an account was closed, if it was."""
    if old.merged_into_id is None:
        return None
    return old.audit_entries.filter(action=MERGED_INTO).order_by("-number").first()


def why_not(old: Account, new: Account) -> str:
    """Why one can't be merged into the other, or ""."""
    if old.pk == new.pk:
        return f"{new} can't be merged into itself: name the other account."
    if old.merged_into:
        return f"{old} was merged into {old.merged_into} already."
    for account in (new, old):
        if account.closed_at:
            return f"{account} is closed."
        if account.closes_at:
            return f"{account} is about to close: cancel that first."
        if Import.objects.open().filter(account=account).exists():
            return f"An import of {account} is running: merge once it is done."
    if barred := merging.barred(old, new):
        return (
            f"Rules of {new} for all its licences would end {barred} open session"
            f"{'s' if barred > 1 else ''} of {old}: lift them, or make them about single licences."
        )
    return ""


def lock(old: Account, new: Account) -> tuple[Account, Account]:
    """Both as they are, nobody else's until the transaction ends, with all that moves.

    Licences come before accounts, as everywhere, and accounts in the order of their ids, so that
    two who merge wait for each other. Raise InvalidOperation where one was issued meanwhile.
    """
    licences = closing.ids_of_licences(old.pk)
    accounts = merging.lock(licences, [old.pk, new.pk])
    if closing.ids_of_licences(old.pk) != licences:
        raise InvalidOperation(f"The licences of {old} have changed just now: try it again.")
    return accounts[old.pk], accounts[new.pk]


@transaction.atomic
def merge(old: Account, new: Account, *, by: Actor, reason: str = "") -> Moved:
    """Give all that one account has to the other, and close it; return how much came.

    Open sessions go on untouched. Raise InvalidOperation when it can't be, any more or at all.
    """
    old, new = lock(old, new)
    if refused := why_not(old, new):
        raise InvalidOperation(refused)
    told.merged(old, new, reason=reason)
    moved = move(old, new, by=by, reason=reason)
    endings.end_all(old, by=by, reason=reason)
    shut(old, new)
    counted = asdict(moved)
    named = {"into": new.name, "into_id": new.pk}
    audit.record(old, MERGED_INTO, by=by, reason=reason, **named, **counted)
    named = {"from": old.name, "from_id": old.pk}
    audit.record(new, MERGED_FROM, by=by, reason=reason, **named, **counted)
    return moved


def move(old: Account, new: Account, *, by: Actor, reason: str) -> Moved:
    """Move what moves: licences, then people, then what is theirs."""
    licences = merging.move_licences(old, new, by=by, reason=reason)
    came, in_both = people(old, new, by=by, reason=reason)
    for mover in MOVERS.values():
        mover(old, new)
    return Moved(len(licences), came, in_both)


def shut(old: Account, new: Account) -> None:
    """Leave a closed shell that leads on."""
    old.closes_at = old.closed_at = clock.database_time()
    old.merged_into = new
    old.save(update_fields=["closes_at", "closed_at", "merged_into"])
