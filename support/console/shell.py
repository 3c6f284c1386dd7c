"""What every page of the console has around it: its own way round."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse

from portal.views.shell import SEES_ACTIVITY, NavItem, nav_item
from support import tokens

NAV = (
    ("support:find", "Find", "search"),
    ("support:story", "Session look-up", "activity"),
    ("support:requests", "Requests", "lifebuoy"),
    ("support:leases", "Lease and ALM", "switch-horizontal"),
    ("support:activity", "Staff activity", "history"),
    ("support:tokens", "Staff tokens", "code"),
    ("admin:index", "Admin", "settings"),
)
"""The pages that there are; one that is not there yet is left out."""
NEEDS = {"support:activity": SEES_ACTIVITY, "support:tokens": tokens.MAKE}
"""The right that a page is for, where not all of the staff see it."""
FIND = ("", "find/", "accounts/", "records/", "acts/")
"""What one comes to by finding."""


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> TemplateResponse:
    """A page of the console."""
    own = {"nav": nav(request), "search_hint": ""}
    return TemplateResponse(request, template, own | context, status=status)


def nav(request: HttpRequest) -> list[NavItem]:
    """The console's way round, as far as this person may go."""
    path, may = request.path, request.user.has_perm
    entries = [entry for entry in NAV if entry[0] not in NEEDS or may(NEEDS[entry[0]])]
    items = [nav_item(*entry, path=path) for entry in entries]
    return [at(item, path) for item in items if item]


def at(item: NavItem, path: str) -> NavItem:
    """The first page's address begins every other: it is current where one finds."""
    if item.icon != "search":
        return item
    rest = path.removeprefix(item.url)
    return replace(item, is_current=rest == "" or rest.startswith(FIND[1:]))
