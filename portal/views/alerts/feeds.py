"""The feed of alerts: its secret address, and what is read there."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.alerts import feeds
from portal.models import Role, SecretAddress
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

FEED = secret_addresses.Readable(
    kind=SecretAddress.Kind.ALERTS,
    written=feeds.written,
    content_type="application/atom+xml; charset=utf-8",
    filename="alerts.atom",
)


@login_not_required
@open_while_closed
@require_safe
def alert_feed(request: HttpRequest, code: str) -> HttpResponse:
    """The alerts, for a feed reader that knows the address; 304 while nothing changed."""
    return secret_addresses.read(request, code, FEED)


@never_cache
@require_safe_or_post
@role_required(Role.VIEWER)
@confirmation_required
@once_or(secret_addresses.made_before("portal:alerts"))
def make_alert_feed(request: AccountRequest) -> HttpResponse:
    """Make a secret address and show it, in this answer and never again."""
    changes = secret_addresses.has_one(request, FEED)
    act = Act(
        title=_("Change your feed's address?") if changes else _("Make your feed's address"),
        effects=[
            _("Feed readers show there the alerts that you see, and when they are over."),
            _("Whoever has the address reads them too."),
            *([_("Feed readers that read the old address show nothing new.")] if changes else []),
        ],
        button=_("Change the address") if changes else _("Make address"),
        back=reverse("portal:alerts"),
    )
    return secret_addresses.make(request, act, FEED, "portal:alert_feed")


@require_safe_or_post
@role_required(Role.VIEWER)
def remove_alert_feed(request: AccountRequest) -> HttpResponse:
    """Let nobody read it any more."""
    act = Act(
        title=_("Remove your feed's address?"),
        effects=[_("Programs that read it get nothing new. What they have read stays in them.")],
        button=_("Remove address"),
        back=reverse("portal:alerts"),
    )
    return secret_addresses.remove(request, act, FEED)
