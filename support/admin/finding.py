"""The one box of the first page: what a caller reads out, among all that calls are about.

What is alone of its name is opened; among several, each has its usual acts beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from licensing.models import Account
from portal.models import Role
from portal.people.invitations import addresses_in
from support.acts.inviting import INVITE
from support.admin import index
from support.admin.act_pages import ActAdmin
from support.admin.addresses import is_nonsense
from support.admin.offers import column_of
from support.admin.pasted_keys import led_out
from support.admin.tables import looked_for

MOST_OF_A_TABLE = 8
MOST_OF_A_DOMAIN = 3
"""More accounts than these share a provider's domain, and say nothing of who writes from it."""
AT_CALLS = ("account", "licence", "productkey", "clientsession", "device", "membership")
"""The tables whose records callers name, in the order of what is found."""


@dataclass(frozen=True)
class Hit:
    """One record that was found, where it stands, and its usual acts."""

    record: Any
    address: str
    words: str
    acts: SafeString


@dataclass(frozen=True)
class Found:
    """What one table has of it; ``more`` leads to all, where there are more than are shown."""

    name: str
    hits: list[Hit]
    more: str


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Open the one that is called so, or list all that are; in one ``table`` if one is named."""
    require_staff(request)
    if elsewhere := led_out(request):
        return elsewhere
    words = looked_for(request.GET.get("q", ""))
    if name := request.GET.get("table"):
        return find_in(request, table_named(request, name), words)
    if not words:
        return redirect("admin:index")
    found = [of_table(request, table, words) for table in tables_at_calls(request)]
    hits = [hit for one in found for hit in one.hits]
    if len(hits) == 1:
        return redirect(hits[0].address)
    return list_of(request, words, [one for one in found if one.hits])


def list_of(request: HttpRequest, words: str, found: list[Found]) -> HttpResponse:
    """The page of all that is called so, or of what may be done about nothing."""
    own = {
        "title": "Found",
        "words": words,
        "desk": index.desk(admin.site, request),
        "found": found,
        "invitable": [] if found else invitable(request, words),
        "owner": Role.OWNER,
    }
    return render(request, "admin/found.html", admin.site.each_context(request) | own)


def require_staff(request: HttpRequest) -> None:
    """Staff find; to anybody else the support desk does not exist."""
    if not request.user.is_staff:
        raise Http404
    if is_nonsense(request):
        raise SuspiciousOperation("Nothing that anybody reads out")


def find_in(request: HttpRequest, table: Any, words: str) -> HttpResponse:
    """Open the only record of a table that a search finds, or its list."""
    page = reverse(f"admin:{table.opts.app_label}_{table.opts.model_name}_changelist")
    if not words:
        return redirect(page)
    rows, _ = table.get_search_results(request, table.in_list(request), words)
    ids = list(rows.order_by().values_list("pk", flat=True).distinct()[:2])
    if len(ids) == 1:
        return redirect(address_of(table, ids[0]))
    return redirect(f"{page}?{urlencode({'q': words})}")


def table_named(request: HttpRequest, name: str) -> Any:
    """The table of this name that the person sees; 404 if there is none."""
    for table in admin.site._registry.values():
        if table.opts.model_name == name and table.has_view_permission(request):
            return table
    raise Http404


def tables_at_calls(request: HttpRequest) -> list[ActAdmin]:
    """The tables that are looked into, as far as the person sees them."""
    by_name: dict[str | None, Any] = {
        table.opts.model_name: table for table in admin.site._registry.values()
    }
    tables = [by_name[name] for name in AT_CALLS]
    return [table for table in tables if table.has_view_permission(request)]


def of_table(request: HttpRequest, table: ActAdmin, words: str) -> Found:
    """What of a table is called so."""
    records = list(table.called(request, words)[: MOST_OF_A_TABLE + 1])
    acts = column_of([act for act in table.acts_of(request) if act.in_rows], table.address)
    hits = [
        Hit(record, address_of(table, record.pk), table.kind.describe(record), acts(record))
        for record in records[:MOST_OF_A_TABLE]
    ]
    page = f"{reverse('support:found')}?{urlencode({'q': words, 'table': table.opts.model_name})}"
    more = page if len(records) > MOST_OF_A_TABLE else ""
    return Found(str(table.opts.verbose_name_plural), hits, more)


def address_of(table: Any, record_id: object) -> str:
    """The page of a record."""
    return reverse(f"admin:{table.opts.app_label}_{table.opts.model_name}_change", args=[record_id])


def invitable(request: HttpRequest, words: str) -> list[dict[str, Any]]:
    """The accounts whose people write from the same domain as who has this address."""
    accounts: Any = admin.site._registry[Account]
    addresses = addresses_in(words)
    if len(addresses) != 1 or "@" not in addresses[0] or not accounts.may(request, INVITE):
        return []
    domain = addresses[0].rpartition("@")[2]
    known = Account.objects.filter(memberships__user__email__iendswith=f"@{domain}").distinct()
    offered = list(known.order_by("pk")[: MOST_OF_A_DOMAIN + 1])
    if len(offered) > MOST_OF_A_DOMAIN:
        return []
    [email] = addresses
    return [
        {"account": one, "email": email, "address": accounts.address(INVITE, [one.pk])}
        for one in offered
    ]
