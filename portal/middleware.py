"""Which account a request is about, and where strangers are sent."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import middleware as auth
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from licensing import audit
from licensing.api import addresses
from licensing.models import Account
from portal.sent import kept_forms, page_marks
from portal.sign_in import sign_ins, two_step, visits, ways_in
from portal.sign_in.standing import SignedInRequest, Standing, visit_of
from portal.views import stale_pages, visiting
from portal.views.access import (
    IS_OF_ONES_OWN_WAY,
    IS_OPEN_WHILE_CLOSED,
    IS_OPEN_WITHOUT_TWO_STEP,
    View,
    is_marked,
)
from portal.views.redirects import page_of, with_next
from portal.views.signed_out import go_to, to_sign_in
from portal.words import languages, zones

TAKEN = (HTTPStatus.OK, HTTPStatus.FOUND, HTTPStatus.UNPROCESSABLE_CONTENT)
"""How a view answers a form that it took, or shows with what was typed."""


class LanguageMiddleware:
    """Answer in the person's language, and leave no trace of it for the thread's next request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = languages.of_request(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language"])
        return response


class OriginMiddleware:
    """Let the audit record know from where each change was asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with audit.asked_from(origin_of(request)):
            return self.get_response(request)


def origin_of(request: HttpRequest) -> audit.Origin:
    """The request's address, browser and id."""
    return audit.Origin(
        addresses.of(request),
        request.META.get("HTTP_USER_AGENT", "").replace("\0", ""),
        getattr(request, "request_id", ""),
    )


class AccountMiddleware:
    """Set ``request.membership`` and ``request.account``, and show times in the person's zone.

    Both are None for anonymous visitors, for staff without an account, and while the way
    that the person signed in does not open the account: then ``request.is_closed``. How they
    stand there is ``request.standing``. Support that sees an account as its owner does stands there
    as one, and ``request.visit`` says so: then only reading is let through to the views.
    Signed-in pages are never stored by browsers or proxies.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request = cast(SignedInRequest, request)
        request.visit = None
        if not request.user.is_authenticated:
            stand_in(request, None)
            return self.get_response(request)

        request.visit, left = visits.go_on(request)
        if left:
            return no_longer_in(request, left)
        stand_in(request, standing_of(request))
        with timezone.override(zones.of(request.user, request.account)):
            response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, [page_marks.FOR_A_SCRIPT])
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse what support may not have while it sees an account as its owner does."""
        return visiting.refusal(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer to what a page sent that is not the session's any more."""
        if isinstance(exception, page_marks.StalePageError):
            return stale_pages.refuse(request)
        return None


def standing_of(request: SignedInRequest) -> Standing | None:
    """How the person stands in the account that the request is about, if it is about one."""
    if request.visit:
        return visits.standing_of(request.visit, request.user)
    return ways_in.standing_of(request)


def no_longer_in(request: SignedInRequest, account: Account) -> HttpResponse:
    """To the vendor's page of the account that support saw until now; nothing is done there."""
    stand_in(request, None)
    told = _("Your view of %(account)s is over. Nothing was changed.") % {"account": account}
    messages.info(request, told)
    return go_to(request, visiting.way_back(account))


def stand_in(request: SignedInRequest, standing: Standing | None) -> None:
    """Put on the request how the person stands in the account, and the account if it is open."""
    request.standing = standing
    request.is_closed = standing is not None and not ways_in.opens(request.session, standing)
    request.membership = standing.membership if standing and not request.is_closed else None
    request.account = request.membership.account if request.membership else None


class LoginRequiredMiddleware(auth.LoginRequiredMiddleware):
    """Send strangers to sign-in.

    From there they come back to the page that they looked at, or to the form that they had sent.
    One who asks for a fragment of a page gets 401 and ``X-Go-To``: the whole
    page goes to sign-in, which never lands in the middle of a table.
    """

    def handle_no_permission(  # type: ignore[override] # Django's own calls it what comes of it
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        return to_sign_in(request, resolve_url(self.get_login_url(view_func)))


class SignInMiddleware:
    """Sign people out who signed in too long ago, or idle for longer than their owners allow.

    What a page asks for by itself is no sign of life.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        preferences = getattr(getattr(request, "account", None), "preferences", None)
        if sign_ins.is_over(request):
            return signed_out(request, _("You signed in long ago. Sign in again to go on."))
        if sign_ins.is_idle(request, preferences and preferences.sign_out_after_hours):
            why = _("You were signed out, because you did nothing for a while.")
            return signed_out(request, why)
        if not page_marks.is_by_itself(request):
            sign_ins.note(request)
        return self.get_response(request)


def signed_out(request: HttpRequest, why: str) -> HttpResponse:
    """To sign-in, and from there back to the page, with a message that says why."""
    sign_ins.end(request)
    messages.info(request, why)
    return to_sign_in(request)


class WayInMiddleware(MiddlewareMixin):
    """Lead people to the way of signing in that the account, or the page, asks for."""

    def process_view(
        self, request: SignedInRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        if is_marked(view, IS_OF_ONES_OWN_WAY) and not ways_in.has_own(request.session):
            return go_to(request, resolve_url("portal:own_way"))
        if not request.is_closed or is_marked(view, IS_OPEN_WHILE_CLOSED):
            return None
        return go_to(request, with_next(resolve_url("portal:closed"), page_of(request)))


class KeptFormMiddleware(MiddlewareMixin):
    """Forget a kept form once it came to the view that it was for; lead on to the others.

    What other middleware answers, such as a way to sign in, has not done it yet: this is the last.
    """

    def process_view(self, request: Any, view: View, args: Any, kwargs: Any) -> None:
        request.is_with_view = True

    def process_response(self, request: Any, response: HttpResponse) -> HttpResponse:
        if not is_taken(request, response) or not kept_forms.forget_sent(request):
            return response
        leads_on = response.status_code == HTTPStatus.FOUND
        if leads_on and kept_forms.of(request, request.user.pk) and is_page_of_ours(response):
            response["Location"] = resolve_url("portal:kept_form")
        return response


def is_taken(request: Any, response: HttpResponse) -> bool:
    """Whether a form of somebody who is in was done, or is shown with what is wrong."""
    if request.method != "POST" or not getattr(request, "is_with_view", False):
        return False
    is_in = request.user is not None and request.user.is_authenticated  # programs are nobody
    return is_in and response.status_code in TAKEN


def is_page_of_ours(response: HttpResponse) -> bool:
    """Whether it leads to a page of the portal, not to where one shows who one is."""
    address = response.headers["Location"]
    return address.startswith("/") and not address.startswith("/accounts/")


class TwoStepMiddleware(MiddlewareMixin):
    """Lead people to set up two-step sign-in where they may not go on without it."""

    def process_view(
        self, request: SignedInRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not request.user.is_authenticated or is_marked(view, IS_OPEN_WITHOUT_TWO_STEP):
            return None
        if not is_led_to_two_step(request):
            return None
        messages.warning(request, _("You need two-step sign-in to go on. Set it up here."))
        return go_to(request, resolve_url("mfa_index"))


def is_led_to_two_step(request: SignedInRequest) -> bool:
    """Whether the page asks for two-step sign-in that the person does not have.

    The vendor's pages are known by their addresses: the admin makes its own, and one that
    nobody marked would be open to staff without it.
    """
    if visit_of(request) or request.path.startswith(languages.STAFF_ONLY):
        return two_step.is_needed_by_staff(request.user) and not two_step.has(request.user)
    standing = request.standing
    if standing is None or request.is_closed:
        return False
    if ways_in.is_by_provider(request.session, standing):
        return False  # the provider asks for second steps, or not
    return two_step.is_needed(standing.membership) and not standing.has_two_step
