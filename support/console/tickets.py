"""What was done for a ticket, as the record has it: found by its number."""

from __future__ import annotations

from licensing.models import AuditEntry
from portal.words.aliases import real_names
from portal.words.sentences import sentence
from support.acts.records import Kind
from support.console.called import Called, Name
from support.console.table import Table
from support.words import moment


def in_words(entry: AuditEntry) -> str:
    """An entry of the record as a sentence."""
    return sentence(entry, real_names(entry.account))


def where_and_when(entry: AuditEntry) -> str:
    """Of which account, and when it was."""
    return f"{entry.account}, {moment(entry.at, entry.account)}"


TICKETS = Table(
    model=AuditEntry,
    title="Ticket",
    kind=Kind(acts=(), describe=in_words),
    rows=lambda: AuditEntry.objects.select_related("account").order_by("-pk"),
    called=Called(own=(Name("ticket__iexact", "ticket"),), only={"ticket__gt": ""}),
    now=where_and_when,
    icon="history",
)
