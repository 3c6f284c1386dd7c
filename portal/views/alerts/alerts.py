"""Open alerts, live, and the rules by which people are told of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.alerts import listed
from portal.home import snoozes
from portal.models import Alert, Role, SecretAddress
from portal.people.members import whom_to_ask
from portal.sign_in import secret_addresses
from portal.views.access import AccountRequest, may_manage, role_required, sees_as_manager


@require_safe
@role_required(Role.VIEWER)
def alerts(request: AccountRequest) -> HttpResponse:
    """What is open now, and the rules."""
    context = open_context(request)
    context["rules"] = listed.rules_for(request.membership)
    context["feed"] = secret_addresses.of(request.membership, SecretAddress.Kind.ALERTS)
    if not sees_as_manager(request):
        context["whom_to_ask"] = whom_to_ask(request.account)
    return render(request, "portal/alerts/alerts.html", context)


@require_safe
@role_required(Role.VIEWER)
def alert_rows(request: AccountRequest) -> HttpResponse:
    """The open alerts alone: 204 when nothing has changed since version ``v``."""
    context = open_context(request)
    context["have"] = frozenset(request.GET.get("have", "").split("."))
    if request.GET.get("v") == context["version"]:
        return HttpResponse(status=204)
    return render(request, "portal/alerts/alerts.html#rows", context)


@require_safe
@role_required(Role.VIEWER)
def alert_bell(request: AccountRequest) -> HttpResponse:
    """How many are open, for the bell: 204 when it shows so many (``n``)."""
    if request.GET.get("n") == str(request.standing.open_alerts):
        return HttpResponse(status=204)
    return render(request, "_bell.html")


def open_context(request: AccountRequest) -> dict[str, Any]:
    """What the list of open alerts prints."""
    found = listed.open_for(request.membership)
    return {
        "alerts": found,
        "version": version_of(found),
        "snoozed": len(snoozes.snoozed_alerts(request.membership)),
        "can_manage": may_manage(request),
        "have": frozenset(),
    }


def version_of(found: Sequence[listed.OpenAlert]) -> str:
    """What changes whenever the list does."""
    told = "\n".join(f"{row.alert.pk} {row.is_mailed} {row.text}" for row in found)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@require_POST
@role_required(Role.VIEWER)
def snooze_alert(request: AccountRequest, alert_id: int) -> HttpResponse:
    """Put an alert off, for this person and seven days."""
    alert = get_object_or_404(Alert.objects.unresolved(), pk=alert_id, account=request.account)
    text = _("Hidden for 7 days. Nobody else's page changes.")
    if snoozes.snooze_alert(request.membership, alert):
        text = _("Hidden for 7 days, on Home too. Nobody else's page changes.")
    messages.success(request, text)
    return redirect("portal:alerts")


@require_POST
@role_required(Role.VIEWER)
def wake_alerts(request: AccountRequest) -> HttpResponse:
    """Show all again that this person put off."""
    snoozes.wake_alerts(request.membership)
    return redirect("portal:alerts")
