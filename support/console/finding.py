"""The one box of the console: what a caller reads out, among all that calls are about.

What is alone of its name is opened; among several, each has its usual acts beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from licensing.models import Account, AuditEntry, ClientSession, Denial, Licence
from portal.models import CustomerRequest, RequestState, Role
from portal.people.invitations import addresses_in
from support.acts.inviting import INVITE
from support.console import offers, orders, shell, signals, tables
from support.console.access import staff_only
from support.console.called import looked_for
from support.console.near import near
from support.console.offers import Link
from support.console.raw import raw_list
from support.console.stories import looked_up
from support.console.stories.story import address_of, told
from support.console.table import Table, may_see
from support.console.tables import AT_CALLS, page_of
from support.console.tickets import TICKETS

MOST_OF_A_TABLE = 8
MOST_OF_ONE = 50
"""So many are shown where one table alone is looked into."""
MOST_OF_A_DOMAIN = 3
"""More accounts than these share a provider's domain, and say nothing of who writes from it."""
NOT_FOUND = "What was given back is on its account's page."
NO_REFERENCE = (
    "A request id is found of a start that was refused, of what somebody did and, for a week, of a "
    "program that was refused later. That of a call that went well stands in the log alone: look "
    "for the user and the machine, or the session's id."
)


@dataclass(frozen=True)
class Hit:
    """One record that was found: what it is, by what it was found, how it stands, its acts."""

    record: Any
    url: str
    words: str
    why: str
    acts: list[Link]


@dataclass(frozen=True)
class Found:
    """What one table has of it; ``more`` leads to more, where there are more than are shown."""

    name: str
    label: str
    hits: list[Hit]
    more: str


@require_safe
@staff_only
def first_page(request: HttpRequest) -> HttpResponse:
    """One box for what the caller reads out, the acts that need no record, what waits, and
    today's signals."""
    own = {
        "makers": offers.made_here(request.user, "support:find"),
        "waiting": waiting(request),
        "signals": signals.signals(request.user),
        "tables": tables_at_calls(request),
    }
    return shell.page(request, "support/find.html", own)


def waiting(request: HttpRequest) -> int:
    """How many requests of customers wait for an answer, for those who see them."""
    if not tables.of(CustomerRequest).may_see(request.user):
        return 0
    return CustomerRequest.objects.filter(state=RequestState.OPEN).count()


@require_safe
@staff_only
def find(request: HttpRequest) -> HttpResponse:
    """Open the one that is called so, or list all that are; in one ``table`` if one is named."""
    words = looked_for(request.GET.get("q", ""))
    name = request.GET.get("table")
    looked_into = [table_named(request, name)] if name else tables_at_calls(request)
    if not words:
        return redirect("support:find")
    found = [of_table(request, table, words, is_alone=bool(name)) for table in looked_into]
    if not name:
        found.append(Found("orders", "Orders", of_order(request, words), ""))
        found.append(Found("references", "References", of_reference(request, words), ""))
    hits = [hit for one in found for hit in one.hits]
    if len(hits) == 1:
        return redirect(hits[0].url)
    own = {
        "words": words,
        "found": [one for one in found if one.hits],
        "tables": tables_at_calls(request),
        "invitable": [] if hits else invitable(request, words),
        "near": [] if hits else near(words, request.user),
        "why_not_found": NO_REFERENCE if looked_up.is_reference(words) else NOT_FOUND,
        "owner": Role.OWNER,
    }
    return shell.page(request, "support/found.html", own)


def is_for(request: HttpRequest) -> bool:
    """Whether the address is one of the console's, and somebody of the staff asks."""
    user = getattr(request, "user", None)
    in_console = request.path.startswith(reverse("support:find"))
    return bool(in_console and user and user.is_active and user.is_staff)


def nothing_there(request: HttpRequest) -> HttpResponse:
    """404: that there is nothing at this address, with the box that finds."""
    own = {"tables": tables_at_calls(request)}
    return shell.page(request, "support/nothing_there.html", own, status=404)


def tables_at_calls(request: HttpRequest) -> list[Table]:
    """The tables that are looked into, as far as the person sees them."""
    return [table for table in (*AT_CALLS, TICKETS) if table.may_see(request.user)]


def table_named(request: HttpRequest, name: str) -> Table:
    """The table of this name that the person sees; 404 if there is none."""
    for table in tables_at_calls(request):
        if table.name == name:
            return table
    raise Http404


def of_table(request: HttpRequest, table: Table, words: str, *, is_alone: bool) -> Found:
    """What of a table is called so; where it is asked for alone, what belongs to that as well."""
    most = MOST_OF_ONE if is_alone else MOST_OF_A_TABLE
    records = list(table.called.find(table.rows(), words, widely=is_alone)[: most + 1])
    hits = [hit_of(request, table, record, words) for record in records[:most]]
    return Found(
        table.name,
        table.label,
        hits,
        more_of(table, words, is_alone) if len(records) > most else "",
    )


def of_order(request: HttpRequest, words: str) -> list[Hit]:
    """The licences that an order of this reference sold or changed."""
    if not may_see(request.user, Licence):
        return []
    return [
        Hit(one, page_of(one), f"{one} of {one.account}", did, [])
        for one, did in orders.called(words)
    ]


def of_reference(request: HttpRequest, words: str) -> list[Hit]:
    """The refusals whose user read these words as a reference, and what that request did."""
    refused = looked_up.refused_by(words) if may_see(request.user, Denial) else []
    later = looked_up.refused_later(words) if may_see(request.user, ClientSession) else []
    events: list[looked_up.Event] = [*refused, *later]
    done = looked_up.done_by(words) if may_see(request.user, AuditEntry) else []
    to_done = reverse("support:story", query={"q": words})
    return [
        *(Hit(one, address_of(one), str(one), told(one), []) for one in events),
        *(Hit(one, to_done, str(one), f"request id, {one.account}", []) for one in done),
    ]


def hit_of(request: HttpRequest, table: Table, record: Any, words: str) -> Hit:
    """One of the records."""
    why = filter(None, [table.called.reason(record, words), table.now(record)])
    acts = offers.beside(table, request.user, record)
    return Hit(record, page_of(record), table.kind.describe(record), ", ".join(why), acts)


def more_of(table: Table, words: str, is_alone: bool) -> str:
    """Where there are more: in the table alone, and then in its list."""
    if not is_alone:
        return f"{reverse('support:found')}?{urlencode({'q': words, 'table': table.name})}"
    return raw_list(table.model, q=words)


def invitable(request: HttpRequest, words: str) -> list[dict[str, Any]]:
    """The accounts whose people write from the same domain as who has this address."""
    accounts = tables.of(Account)
    addresses = addresses_in(words)
    if len(addresses) != 1 or "@" not in addresses[0] or not accounts.may(request.user, INVITE):
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
