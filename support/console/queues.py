"""What waits for the desk: requests of customers, and lease licences until they are reactivated."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from licensing.models import Licence
from licensing.models.licences import LicenceState, UsageModel
from portal.lists.cursors import By, Id, Moment, Order
from portal.lists.paging import page_of
from portal.models import CustomerRequest, RequestState
from support.console import rows, shell, tables
from support.console.access import staff_only
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
    """Lease licences that go on, and the way to what takes an ALM list in."""
    table = tables.of(Licence)
    found = table.rows().filter(usage_model=UsageModel.LEASE).exclude(state=LicenceState.CLOSED)
    return queue(request, table, found, NEWEST, "leases", {})


def queue(
    request: HttpRequest,
    table: Table,
    found: QuerySet[Any],
    order: Order,
    name: str,
    own: dict[str, Any],
) -> HttpResponse:
    """A page of records that wait."""
    if not table.may_see(request.user):
        raise PermissionDenied
    page = page_of(found, order, request.GET, total=None, per=PER_PAGE)
    shown = page.showing(rows.rows_of(request.user, page.rows))
    return shell.page(request, f"support/{name}.html", {"rows": shown} | own)
