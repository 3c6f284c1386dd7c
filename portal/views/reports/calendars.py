"""The calendar of what ends: its secret address, and what is read there."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.models import Role, SecretAddress
from portal.reports import calendars
from portal.sent.forms import once_or
from portal.views import secret_addresses
from portal.views.access import (
    AccountRequest,
    open_while_closed,
    require_safe_or_post,
    role_required,
)
from portal.views.acts import Act
from portal.views.confirmations import confirmation_required

CALENDAR = secret_addresses.Readable(
    kind=SecretAddress.Kind.CALENDAR,
    written=calendars.written,
    content_type="text/calendar; charset=utf-8",
    filename="licences.ics",
)


@login_not_required
@open_while_closed
@require_safe
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """What ends, for a calendar program that knows the address; 304 while nothing changed."""
    return secret_addresses.read(request, code, CALENDAR)


@never_cache
@require_safe_or_post
@role_required(Role.VIEWER)
@confirmation_required
@once_or(secret_addresses.made_before("portal:reports"))
def make_calendar(request: AccountRequest) -> HttpResponse:
    """Make a secret address and show it, in this answer and never again."""
    changes = secret_addresses.has_one(request, CALENDAR)
    act = Act(
        title=_("Change your calendar's address?")
        if changes
        else _("Make your calendar's address"),
        effects=[
            _(
                "Calendar programs read there the last days of licences; an owner's also those of "
                "API tokens and of the sign-in service's certificates."
            ),
            _("Whoever has the address reads them too."),
            *([_("Calendars that read the old address show nothing new.")] if changes else []),
        ],
        button=_("Change the address") if changes else _("Make address"),
        back=reverse("portal:reports"),
    )
    return secret_addresses.make(request, act, CALENDAR, "portal:calendar")


@require_safe_or_post
@role_required(Role.VIEWER)
def remove_calendar(request: AccountRequest) -> HttpResponse:
    """Let nobody read it any more."""
    act = Act(
        title=_("Remove your calendar's address?"),
        effects=[_("Calendars that read it get nothing new. What they have read stays in them.")],
        button=_("Remove address"),
        back=reverse("portal:reports"),
    )
    return secret_addresses.remove(request, act, CALENDAR)
