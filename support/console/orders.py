"""Orders as staff look for them: by their reference, and what of which licence each did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from licensing.models import Account, Licence
from support.console import tables
from support.console.offers import Person
from support.models import OrderReference
from support.words import day

MOST_FOUND = 50


@dataclass(frozen=True)
class Line:
    """One thing that an order did: what, to which licence, which is at ``url``."""

    record: OrderReference
    what: str
    url: str


def of_account(account: Account) -> QuerySet[OrderReference]:
    """All that orders did for an account."""
    found = OrderReference.objects.filter(licence__account=account)
    return found.select_related("licence", "planned")


def as_lines(user: Person, account: Account, found: Iterable[OrderReference]) -> list[Any]:
    """The lines in words."""
    return [Line(one, what_was_done(one), tables.page_of(one.licence)) for one in found]


def what_was_done(one: OrderReference) -> str:
    """The act as its page calls it, and how it stands where it is done later."""
    acts = (*tables.of(Licence).kind.acts, *tables.of(Account).kind.acts)
    label = next((act.label for act in acts if act.name == one.act), one.act)
    if one.planned is None or one.planned.done_at:
        return label
    stands = "cancelled" if one.planned.cancelled_at else f"planned for {day(one.planned.on)}"
    return f"{label} ({stands})"


def called(reference: str) -> list[tuple[Licence, str]]:
    """The licences that orders of this reference sold or changed, each with what was done."""
    found = OrderReference.objects.filter(reference__in={reference, reference.upper()})
    found = found.select_related("licence__account", "planned").order_by("licence_id", "pk")
    by_licence = groupby(found[:MOST_FOUND], key=lambda one: one.licence)
    return [(licence, told(list(lines))) for licence, lines in by_licence]


def told(lines: list[OrderReference]) -> str:
    """What orders of one reference did to a licence, and when the last time."""
    did = ", ".join(dict.fromkeys(map(what_was_done, lines)))
    last = lines[-1]
    when = day(last.licence.account.local(last.noted_at).date())
    return f"order {last.reference}, {when}: {did}"
