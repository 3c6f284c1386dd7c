"""The page of one record: how it stands, what is done to it, what was done."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from licensing.models import ProductKey
from portal.sign_in.standing import person
from support.acts.keys import END_OVERLAP
from support.acts.records import RecordAct
from support.acts.whose import account_of
from support.console import entries, keys, offers, rows, shell, tables
from support.console.access import staff_only
from support.console.facts import facts_of
from support.console.raw import raw_page_of
from support.console.table import Table
from support.console.tables import tab_of


@require_safe
@staff_only
def record(request: HttpRequest, table: str, pk: str) -> HttpResponse:
    """The record, with what is done all day at hand."""
    found = tables.named(table)
    if not found.may_see(request.user):
        raise PermissionDenied
    [one] = found.records_with({pk})
    context = context_of(request, found, one)
    if isinstance(one, ProductKey):
        context |= of_key(request, found, one)
    return shell.page(request, "support/record.html", context)


def context_of(request: HttpRequest, table: Table, one: Any) -> dict[str, Any]:
    """What the page tells."""
    account = account_of(one)
    tab = table.tab.capitalize() or "Licences"
    possible = offers.possible(table.acts_of(request.user), one)
    return {
        "kind": str(table.model._meta.verbose_name).capitalize(),
        "record": one,
        "account": account,
        "back_url": tab_of(one) if account else reverse(table.listed_at),
        "back_to": f"{tab} of {account}" if account else shell.CALLED[table.listed_at],
        "facts": facts_of(one),
        "beneath": rows.beneath(request.user, one),
        "at_hand": [offers.at_hand(table, act, one) for act in possible if act.at_hand],
        "acts": [offers.link(table, act, one) for act in possible if not act.at_hand],
        "release_many": offers.release_many(request.user),
        "entries": entries.latest(one),
        "noted": [] if account else entries.of_no_account(one),
        "raw_url": raw_page_of(one),
    }


def of_key(request: HttpRequest, table: Table, key: ProductKey) -> dict[str, Any]:
    """What its page tells besides: how it is handed over, and how far its machines have come."""
    followed = keys.following(key)
    ends = followed and offers.links(table, may_end_overlap(request, table), followed.old)
    return {
        "handing_over": keys.handing_over(key, signed=person(request).name),
        "following": followed,
        "end_overlap": ends[0] if ends else None,
    }


def may_end_overlap(request: HttpRequest, table: Table) -> list[RecordAct]:
    """The act that ends an overlap, for those who may."""
    return [END_OVERLAP] if table.may(request.user, END_OVERLAP) else []
