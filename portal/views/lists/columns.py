"""Choosing the columns of a list and how dense its rows are."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from portal.listings import TABLES
from portal.lists import columns
from portal.lists.columns import Table
from portal.models import Role
from portal.models.preferences import Density
from portal.views.access import AccountRequest, role_required
from portal.views.redirects import next_address


@require_POST
@role_required(Role.VIEWER)
def choose(request: AccountRequest, name: str) -> HttpResponse:
    """Show these columns from now on, and in the address of the page the person came from."""
    if name not in TABLES:
        raise Http404
    table = TABLES[name]
    is_reset = "reset" in request.POST
    chosen = table.known(request.POST.getlist("cols")) | table.fixed
    names = table.first if is_reset else chosen
    density = request.POST.get("density", "")
    if is_reset or density not in Density.values:
        density = Density.COMFORTABLE
    columns.remember(request.user, table, names, density)
    return redirect(with_columns(next_address(request, "portal:home"), table, names))


def with_columns(address: str, table: Table, names: frozenset[str]) -> str:
    """The address, asking for these columns; for none of them by name if they are the usual."""
    parts = urlsplit(address)
    query = QueryDict(parts.query, mutable=True)
    query.pop(table.columns_parameter, None)
    if names != table.first:
        query[table.columns_parameter] = ",".join(table.in_order(names))
    return parts._replace(query=query.urlencode()).geturl()
