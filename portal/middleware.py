"""Which account a request is about, and where strangers are sent."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib.auth import middleware as auth
from django.contrib.auth.views import redirect_to_login
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.cache import patch_vary_headers

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
        if not request.user.is_authenticated:
            request.membership = request.account = None  # type: ignore[attr-defined]
            return self.get_response(request)

        membership = current_membership(request)
        request.membership = membership  # type: ignore[attr-defined]
        request.account = membership.account if membership else None  # type: ignore[attr-defined]
        with timezone.override(zone_of(membership)):
            response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["HX-Request"])
        return response


def current_membership(request: HttpRequest) -> Membership | None:
    """The membership that the person switched to, else their first."""
    chosen = request.session.get(SESSION_KEY, 0)
    chosen_first = Case(When(account=chosen, then=0), default=1)
    memberships = Membership.objects.filter(user=request.user)
    memberships = memberships.select_related("account__preferences")
    return memberships.order_by(chosen_first, "account__name").first()


def zone_of(membership: Membership | None) -> zoneinfo.ZoneInfo | None:
    """The account's time zone; None leaves the default."""
    return zoneinfo.ZoneInfo(membership.account.time_zone) if membership else None


class LoginRequiredMiddleware(auth.LoginRequiredMiddleware):
    """Send strangers to sign-in.

    One who asks for a fragment of a page gets 401 and ``HX-Redirect``: the whole
    page goes to sign-in, which never lands in the middle of a table.
    """

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if "HX-Request" not in request.headers:
            return super().handle_no_permission(request, view_func)
        page = urlsplit(request.headers.get("HX-Current-URL", request.headers.get("Referer", "/")))
        address = page._replace(scheme="", netloc="", fragment="").geturl()
        sign_in = redirect_to_login(address, resolve_url(self.get_login_url(view_func)))
        return HttpResponse(status=401, headers={"HX-Redirect": sign_in.url})
