"""An import on one page: how far it is, what could not be made, and what was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from licensing import imports
from licensing.models import Account, Import, ImportRow
from portal.lists.cursors import By, Id, Order
from portal.lists.paging import page_of
from portal.words.names import short_name
from support.console import shell
from support.console.access import seen_account, staff_only

IN_ORDER = Order((By(name="pk", kind=Id),))
FAILED, MADE, WAITING = "failed", "made", "waiting"
CHOICES = ((FAILED, "Not made"), (MADE, "Made"), (WAITING, "To go"))
LAST = 5
"""So many imports are named on their account's page."""


@dataclass(frozen=True)
class Row:
    """A row of the list; ``url`` leads to what was made of it."""

    row: ImportRow
    url: str


@require_safe
@staff_only
def one(request: HttpRequest, pk: int, import_id: int) -> HttpResponse:
    """The page of one import of an account."""
    begun = get_object_or_404(imports.of(seen_account(request, pk)), pk=import_id)
    return shell.page(request, "support/import.html", context_of(request, begun))


def context_of(request: HttpRequest, begun: Any) -> dict[str, Any]:
    """What the page tells: at first what could not be made, or if there is no such, all rows."""
    chosen = request.GET.get("rows", "")
    found, total = rows_of(begun, chosen)
    page = page_of(found, IN_ORDER, request.GET, total=total)
    return {
        "account": begun.account,
        "begun": begun,
        "by": short_name(begun.entry.actor_name),
        "chosen": chosen,
        "choices": CHOICES,
        "rows": page.showing([Row(row, url_of(row)) for row in page]),
        "now": timezone.now(),
    }


def rows_of(begun: Any, chosen: str) -> tuple[QuerySet[ImportRow], int]:
    """The rows of a state, or all of them, and how many there are."""
    if chosen == FAILED:
        return begun.rows.failed(), begun.failed
    if chosen == MADE:
        return begun.rows.made(), begun.made
    if chosen == WAITING:
        return begun.rows.waiting(), begun.to_go
    return begun.rows.all(), begun.number_of_rows


def url_of(row: ImportRow) -> str:
    """The page of what was made of a row; "" of one of which nothing was."""
    return reverse(f"support:{row.kind}", args=[row.made]) if row.made else ""


def last_of(account: Account) -> list[Import]:
    """The last imports of an account, the last first."""
    return list(imports.of(account)[:LAST])
