"""Somebody's names taken out of an account's record, with its chain kept whole.

An entry keeps the digest of what it said, so that the chain goes on over it. ``rewritten`` is the
digest of what it says since, after the same entry; one seal over all of these of the account
stands in the entry that tells of the erasure. So it shows still that an entry is missing, that
one was changed that names were not taken out of, and that one was changed again since. That an
entry said nothing else before cannot be shown any more: that is what was erased.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import batched

import pgtrigger

from licensing.audit import FIRST, as_sealed, digest, seal_over
from licensing.models import Account, AuditEntry
from licensing.pseudonyms import Pseudonyms

BATCH = 500
TEXTS = ("actor_name", "object_name", "reason", "staff_words")
LONGEST_NAME = 255
CHANGED = (*TEXTS, "details", "address", "user_agent", "rewritten")


def rewrite(account: Account, names: Pseudonyms, *, user_id: str) -> tuple[int, str]:
    """Take the names out of every entry; return of how many, and the seal for the record.

    Of what the person did themselves, known by ``user_id`` ("" for nobody), address and browser
    go too. The account's record is locked by the caller until the seal stands in it.
    """
    count = 0
    for batch in batched(changed(account, names, user_id), BATCH, strict=False):
        write(batch)
        count += len(batch)
    return count, seal(account)


def changed(account: Account, names: Pseudonyms, user_id: str) -> Iterator[AuditEntry]:
    """The entries that say something else now, each with its digest."""
    before = FIRST
    for entry in account.audit_entries.order_by("number").iterator():
        if takes_out(entry, names, user_id):
            entry.rewritten = digest(entry, after=before)
            yield entry
        before = entry.digest


def takes_out(entry: AuditEntry, names: Pseudonyms, user_id: str) -> bool:
    """Take the person out of an entry; False if they are not in it."""
    told = {name: getattr(entry, name) for name in CHANGED}
    for name in TEXTS:
        longest = LONGEST_NAME if name.endswith("_name") else None
        setattr(entry, name, names.in_text(getattr(entry, name))[:longest])
    entry.details = names.in_value(entry.details)
    if user_id and entry.actor_kind == "person" and entry.actor_id == user_id:
        entry.address, entry.user_agent = None, ""
    return told != {name: getattr(entry, name) for name in CHANGED}


def write(entries: Sequence[AuditEntry]) -> None:
    """Write entries down that names were taken out of."""
    with pgtrigger.ignore("licensing.AuditEntry:append_only"):
        AuditEntry.objects.bulk_update(entries, CHANGED)


def seal(account: Account) -> str:
    """SHA-256 over all entries of an account that names were ever taken out of; "" for none."""
    rewritten = account.audit_entries.exclude(rewritten="").order_by("number")
    covered = b"".join(map(as_sealed, rewritten.only("number", "rewritten").iterator()))
    return seal_over(covered)
