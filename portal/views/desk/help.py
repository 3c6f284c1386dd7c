"""Help: how licensing works, the keyboard shortcuts, and how the service is."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from licensing.models.sessions import SessionState
from portal.people.members import whom_to_ask
from portal.upkeep import service_status
from portal.views.access import AccountRequest, may_manage, open_while_closed

STATES = {
    SessionState.ACTIVE: gettext_lazy("The program was in touch a moment ago."),
    SessionState.QUIET: gettext_lazy(
        "It missed a refresh or two, and may have lost its connection."
    ),
    SessionState.OFFLINE: gettext_lazy("It works offline, within its grace period."),
    SessionState.HELD: gettext_lazy("Its grace period is over, and the seat still counts."),
    SessionState.ENDING: gettext_lazy(
        "A block or the licence's end takes the seat back at its next refresh."
    ),
}


@open_while_closed
@require_safe
def help_page(request: AccountRequest) -> HttpResponse:
    """How seats, grace periods, keys and devices work, and whom to ask."""
    context = {
        "states": STATES.items(),
        "whom_to_ask": whom_to_ask(request.account) if request.account else "",
        "can_manage": bool(request.account) and may_manage(request),
    }
    return render(request, "portal/desk/help.html", context)


@open_while_closed
@require_safe
def shortcuts(request: AccountRequest) -> HttpResponse:
    """What single keys do."""
    return render(request, "portal/desk/shortcuts.html")


@login_not_required
@open_while_closed
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """How each part of the service is; 503 while one is down."""
    parts = service_status.parts()
    context = {"parts": parts, "now": timezone.now()}
    is_down = any(part.state == "down" for part in parts)
    return render(request, "portal/desk/status.html", context, status=503 if is_down else 200)
