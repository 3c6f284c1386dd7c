"""What waits for the desk: requests of customers, and lease licences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from licensing.models import Licence
from portal.lists.cursors import By, Id, Moment, Order
from portal.lists.paging import page_of
from portal.models import CustomerRequest, RequestState
from support.console import leases as lease_list
from support.console import rows, shell, tables
from support.console.access import staff_only
from support.console.offers import Person
from support.console.rows import Row
from support.console.table import Table
from support.console.tabs import NEWEST, PER_PAGE

OLDEST = Order((By(name="asked_at", kind=Moment), By(name="pk", kind=Id)))


@require_safe
@staff_only
def requests(request: HttpRequest) -> HttpResponse:
    """Those that wait for an answer, the oldest first; or those that are over, the last first."""
    table = tables.of(CustomerRequest)
    is_over = request.GET.get("state") == "over"
    found = table.rows().filter(state=RequestState.OPEN)
    if is_over:
        found = table.rows().exclude(state=RequestState.OPEN)
    own = {"is_over": is_over, "waiting": table.rows().filter(state=RequestState.OPEN).count()}
    return queue(request, table, found, NEWEST if is_over else OLDEST, "requests", own)


@require_safe
@staff_only
def leases(request: HttpRequest) -> HttpResponse:
    """Lease licences, how each stands, and the way to what takes an ALM list in."""
    table = tables.of(Licence)
    found = lease_list.listed()
    return queue(request, table, found, NEWEST, "leases", {}, shown=lease_list.rows_of)


def queue(
    request: HttpRequest,
    table: Table,
    found: QuerySet[Any],
    order: Order,
    name: str,
    own: dict[str, Any],
    *,
    shown: Callable[[Person, list[Any]], list[Row]] = rows.rows_of,
) -> HttpResponse:
    """A page of records that wait."""
    if not table.may_see(request.user):
        raise PermissionDenied
    page = page_of(found, order, request.GET, total=None, per=PER_PAGE)
    told = page.showing(shown(request.user, page.rows))
    return shell.page(request, f"support/{name}.html", {"rows": told} | own)
