"""What every page of the console has around it: its own way round."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from portal.views import acts
from portal.views.shell import SEES_ACTIVITY, NavItem, nav_item
from portal.webhooks.turning_off import KEEP
from support import renewals, tokens
from support.console import approvers, tables
from support.demo import mails

NAV = (
    ("support:find", "Find", "search"),
    ("support:story", "Look-up", "activity"),
    ("support:requests", "Requests", "lifebuoy"),
    ("support:leases", "Lease, ALM", "switch-horizontal"),
    ("support:catalogue", "Catalogue", "stack-2"),
    ("support:renewals", "Renewals", "calendar-due"),
    ("support:approvals", "Approvals", "circle-check"),
    ("support:activity", "Staff activity", "history"),
    ("support:tokens", "Staff tokens", "code"),
    ("support:own_webhooks", "Our webhooks", "webhook"),
    ("support:retention", "What is kept", "clock"),
    ("support:mails", "Mails", "mail"),
    ("admin:index", "Admin", "settings"),
)
"""The pages that there are; one that is not there yet is left out. Mails are the demo's alone."""
CALLED = {name: label for name, label, _icon in NAV}
"""What the navigation calls a page."""
APPROVALS = "support:approvals"
MAILS = "support:mails"
NEEDS = {
    "support:activity": SEES_ACTIVITY,
    "support:tokens": tokens.MAKE,
    "support:catalogue": "licensing.view_product",
    "support:renewals": renewals.SEE,
    "support:own_webhooks": KEEP,
}
"""The right that a page is for, where not all of the staff see it."""
FOUND = ("find/", "accounts/")
"""What one comes to by finding, besides records and what is done to them."""


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> TemplateResponse:
    """A page of the console."""
    own = {"nav": nav(request), "search_hint": ""}
    return TemplateResponse(request, template, own | context, status=status)


def page_of_act(request: HttpRequest, context: dict[str, Any], *, status: int) -> HttpResponse:
    """The page of an act that is none of a record's, as ``carry_out`` shows it."""
    return page(request, "support/asked_first.html", context, status=status).render()


carry_out = partial(acts.carry_out, show=page_of_act)
"""As in the portal, with the console around it."""


def nav(request: HttpRequest) -> list[NavItem]:
    """The console's way round, as far as this person may go."""
    path = led_to_by(request)
    entries = [entry for entry in NAV if may_go(request, entry[0])]
    items = [nav_item(*entry, path=path) for entry in entries]
    return [counted(at(item, path), request) for item in items if item]


def led_to_by(request: HttpRequest) -> str:
    """The address of the page that leads to this one's record or account; else its own."""
    match = request.resolver_match
    if match and (table := match.kwargs.get("table")):
        return reverse(tables.named(table).listed_at)
    first = reverse("support:find")
    return first if request.path.removeprefix(first).startswith(FOUND) else request.path


def may_go(request: HttpRequest, name: str) -> bool:
    """Whether the page is for this person."""
    if name == APPROVALS:
        return approvers.may_see(request.user)
    if name == MAILS:
        return mails.folder() is not None
    return name not in NEEDS or request.user.has_perm(NEEDS[name])


def counted(item: NavItem, request: HttpRequest) -> NavItem:
    """Of the way to approvals, how many wait for this person."""
    if item.icon != "circle-check":
        return item
    return replace(item, count=approvers.waiting_for(request.user))


def at(item: NavItem, path: str) -> NavItem:
    """The first page's address begins every other: it is current by itself alone."""
    return replace(item, is_current=path == item.url) if item.icon == "search" else item
