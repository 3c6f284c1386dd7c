"""Which account a request is about."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.models import Membership

SESSION_KEY = "account"


class AccountMiddleware:
    """Set ``request.membership`` and ``request.account``, and show times in the account's zone.

    Both are None for anonymous visitors and for staff without an account. Signed-in
    pages are never stored by browsers or proxies.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        membership = current_membership(request) if request.user.is_authenticated else None
        request.membership = membership  # type: ignore[attr-defined]
        request.account = membership.account if membership else None  # type: ignore[attr-defined]
        if not membership:
            return self.get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(membership.account.time_zone)):
            response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def current_membership(request: HttpRequest) -> Membership | None:
    """The membership that the person switched to, else their first."""
    memberships = Membership.objects.filter(user=request.user).select_related("account")
    chosen = request.session.get(SESSION_KEY)
    return memberships.filter(account=chosen).first() or memberships.first()
