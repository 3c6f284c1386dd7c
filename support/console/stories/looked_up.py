"""What is looked up: by the reference of a refusal, a session's id, or a user and a machine."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from licensing import refused_refreshes
from licensing.identity import as_compared
from licensing.models import AuditEntry, ClientSession, Denial
from licensing.models.denials import ON_MACHINE, PERSON
from support.console import tables
from support.console.session_search import all_of, as_id

type Event = Denial | ClientSession

MOST = 10
NAMES_LOOKED_FOR = dt.timedelta(days=31)
"""A refusal of longer ago is found by its reference, not by names."""
REFERENCE = re.compile(r"(?:\w+: *)?([A-Za-z0-9-]{8,64})")
"""As a message of the program has it, its word before it included: ``Reference: 5f2b...``."""


def reference_in(words: str) -> str:
    """The reference that was typed or pasted; "" if it can be none."""
    found = REFERENCE.fullmatch(words.strip())
    return found[1] if found else ""


def is_reference(words: str) -> bool:
    """Whether a reference may have been meant, and no name."""
    return any(map(str.isdigit, words)) and bool(reference_in(words))


def spelled(words: str) -> set[str]:
    """How the reference that was typed may be kept: in small letters, without dashes."""
    reference = reference_in(words)
    return {reference, reference.lower(), reference.lower().replace("-", "")} - {""}


def refusals() -> QuerySet[Denial]:
    """Refusals with what their stories tell."""
    related = Denial.every.select_related("account", "licence__product", "licence__account", "key")
    return related.with_end().order_by("-last_at", "-pk")


def refused_by(words: str) -> list[Denial]:
    """The refusals whose user read this reference, the last first."""
    references = spelled(words)
    return list(refusals().filter(request_id__in=references)[:MOST]) if references else []


def done_by(words: str) -> list[AuditEntry]:
    """What the request of this id did, as the audit record has it."""
    references = spelled(words)
    entries = AuditEntry.objects.filter(request_id__in=references).select_related("account")
    return list(entries.order_by("at", "pk")[:MOST]) if references else []


def session_of(words: str) -> list[ClientSession]:
    """The session of this id."""
    session_id = as_id(words.removeprefix("Session id:"))
    return list(tables.of(ClientSession).rows().filter(pk=session_id)) if session_id else []


def refused_later(words: str) -> list[ClientSession]:
    """The session that had been let in, and whose refresh was refused by this reference."""
    named = filter(None, map(refused_refreshes.session_of, spelled(words)))
    return list(tables.of(ClientSession).rows().filter(pk__in=named))


def of_names(words: Sequence[str]) -> list[Event]:
    """What happened last to those who have each word in the user's or the machine's name.

    Who is in is found by any part of a name, what was given back by how one begins; by any
    part too in the accounts that are known then, and that of late.
    """
    if not words:
        return []
    rows = tables.of(ClientSession).rows().filter(all_of([*words], "contains"))
    ended = rows.exclude(ended_at=None)
    sessions = [*rows.filter(ended_at=None)[:MOST], *ended.filter(begins_so(words))[:MOST]]
    refused = refusals_of_names(words, accounts_of(sessions))
    of_late = Q(account__in=accounts_of([*sessions, *refused]), ended_at__gte=of_names_since())
    events: set[Event] = {*sessions, *refused, *ended.filter(of_late)[:MOST]}
    return sorted(events, key=happened_at, reverse=True)[:MOST]


def accounts_of(events: Sequence[Event]) -> set[int]:
    """The accounts in which something happened."""
    return {event.account_id for event in events if event.account_id}


def of_names_since() -> dt.datetime:
    """Since when names are looked for among refusals."""
    return timezone.now() - NAMES_LOOKED_FOR


def begins_so(words: Sequence[str]) -> Q:
    """That the user's or the machine's name begins with one of the words."""
    wanted = Q()
    for word in map(as_compared, words):
        wanted |= Q(person__startswith=word) | Q(machine__startswith=word)
    return wanted


def refusals_of_names(words: Sequence[str], accounts: set[int]) -> list[Denial]:
    """The last refusals, in the accounts where they are known; of who never got a seat in any."""
    named = refusals().filter(last_at__gte=of_names_since())
    if accounts:
        named = named.filter(account__in=accounts)
    named = named.alias(by_person=PERSON, on_machine=ON_MACHINE)
    for word in map(as_compared, words):
        named = named.filter(Q(by_person__contains=word) | Q(on_machine__contains=word))
    return list(named[:MOST])


def happened_at(event: Any) -> dt.datetime:
    """When somebody was refused last, or a session ended; of one that is open, when it began."""
    at: dt.datetime = (
        event.last_at if isinstance(event, Denial) else event.ended_at or event.started_at
    )
    return at
