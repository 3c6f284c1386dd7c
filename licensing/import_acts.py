"""An import in the record: one act with its counts, of which all that it makes is part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import transaction

from licensing import audit
from licensing.models import Account, AuditEntry
from licensing.models.imports import Source

BEGAN, DONE = "import_began", "import_done"
"""What the record calls it."""

type Counts = Mapping[str, int]
"""How much of what an import would make, as the record counts it."""


def begin(
    account: Account, source: Source, counts: Counts, *, by: audit.Actor, reason: str
) -> AuditEntry:
    """The entry that tells of an import, with how much of what it would make."""
    return audit.record(account, BEGAN, by=by, reason=reason, source=str(source), **counts)


def end(entry: AuditEntry, *, made: int, failed: int = 0) -> AuditEntry:
    """The entry that tells what came of it, as seen by the product itself."""
    told = {"source": entry.details["source"], "began": entry.number}
    return audit.record(
        entry.account, DONE, by=audit.SYSTEM, reason=entry.reason, made=made, failed=failed, **told
    )


@contextmanager
def at_once(
    account: Account, source: Source, counts: Counts, *, by: audit.Actor, reason: str
) -> Iterator[None]:
    """What is made within is one import of the account, all of it or none."""
    with transaction.atomic():
        entry = begin(account, source, counts, by=by, reason=reason)
        with audit.parts_of(entry):
            yield
        end(entry, made=sum(number for name, number in counts.items() if name != "seats"))
