"""The first page of the admin: what a caller is asked about before all the other tables."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portal.models import CustomerRequest, RequestState
from support.admin import signals
from support.admin.act_pages import ActAdmin

DESK = "desk"
AT_THE_DESK = ("ClientSession", "Licence", "ProductKey", "Account", "Device", "Membership",
               "CustomerRequest", "Invitation", "AccessRule", "Denial", "AuditEntry")  # fmt: skip
"""The tables that a call is about, in their order."""


def first_page(
    site: AdminSite, request: HttpRequest, extra_context: dict[str, Any] | None = None
) -> HttpResponse:
    """One box for what the caller reads out, the acts that need no record, what waits, and today's
    signals."""
    own = {
        "desk": desk(site, request),
        "makers": makers(site, request),
        "waiting": waiting(request),
        "signals": signals.signals(site, request),
    }
    return AdminSite.index(site, request, (extra_context or {}) | own)


def desk(site: AdminSite, request: HttpRequest) -> list[dict[str, Any]]:
    """The tables that a call is about, as far as this person sees them."""
    first = tables_of(site, request)[:1]
    return first[0]["models"] if first and first[0]["app_label"] == DESK else []


def makers(site: AdminSite, request: HttpRequest) -> list[dict[str, str]]:
    """The acts that make a record, as far as this person may do them."""
    tables = [table for table in site._registry.values() if isinstance(table, ActAdmin)]
    return [button for table in tables for button in table.makers(request)]


def waiting(request: HttpRequest) -> int:
    """How many requests of customers wait for an answer, for those who see them."""
    if not request.user.has_perm("portal.view_customerrequest"):
        return 0
    return CustomerRequest.objects.filter(state=RequestState.OPEN).count()


def tables_of(site: AdminSite, request: HttpRequest, app_label: str | None = None) -> list[Any]:
    """The apps and their tables as the index lists them; those of the desk stand first."""
    apps = AdminSite.get_app_list(site, request, app_label)
    if app_label:
        return apps
    by_name = {table["object_name"]: table for app in apps for table in app["models"]}
    first = [by_name[name] for name in AT_THE_DESK if name in by_name]
    for app in apps:
        app["models"] = [table for table in app["models"] if table not in first]
    desk = {
        "name": "At the desk",
        "app_label": DESK,
        "app_url": reverse("admin:index"),
        "has_module_perms": True,
        "models": first,
    }
    ours = sorted(apps, key=lambda app: app["app_label"] not in ("licensing", "portal"))
    return [app for app in (desk, *ours) if app["models"]]
