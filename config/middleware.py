"""The middleware of this product: a request id for all, and page middleware that the API skips.

Desktop software sends no cookie and sees no page. Each of Django's page
middleware costs a refresh a few per cent, so for ``/api/`` they step aside.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

import structlog
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest, HttpResponse
from django.middleware import clickjacking, common, csp, csrf, security

from config import errors, own_acts
from licensing.api import paths, problems
from portal.middleware import AccountMiddleware as PortalAccountMiddleware
from portal.middleware import KeptFormMiddleware as PortalKeptFormMiddleware
from portal.middleware import LanguageMiddleware as PortalLanguageMiddleware
from portal.middleware import LoginRequiredMiddleware as PortalLoginRequiredMiddleware
from portal.middleware import OriginMiddleware as PortalOriginMiddleware
from portal.middleware import SignInMiddleware as PortalSignInMiddleware
from portal.middleware import TwoStepMiddleware as PortalTwoStepMiddleware
from portal.middleware import WayInMiddleware as PortalWayInMiddleware

DESKTOPS_ASK_FOR = re.compile(r"^/(api/v1/sessions|\.well-known/|healthz$|readyz$)")
PASSES_PAGES_BY = re.compile(r"^/(api/v1/(sessions|account/)|\.well-known/|healthz$|readyz$)")
ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class LengthMiddleware:
    """Say how long an answer is, or the server sends it in chunks, which costs it a third."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response


class SecurityMiddleware(security.SecurityMiddleware):
    """Django's, but that the APIs refuse what they are asked in plain HTTP.

    A program follows a redirect unseen, and sends its product key or token in the clear for ever.
    """

    def process_request(  # type: ignore[override] # it may refuse instead
        self, request: HttpRequest
    ) -> HttpResponse | None:
        redirect = super().process_request(request)
        if redirect and paths.takes_secrets(request.path_info):
            return problems.respond(request, problems.HttpsRequired())
        return redirect


class RequestIdMiddleware:
    """Give each request an id (the caller's own, if it sent a sane one) and log with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request_id_of(request.META.get("HTTP_X_REQUEST_ID", ""))
        request.request_id = request_id  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


def request_id_of(sent: str) -> str:
    """The id of a request: what was sent as one, if it is sane, else a new one."""
    return sent if ACCEPTABLE_ID.fullmatch(sent) else secrets.token_hex(16)


class NotAllowedMiddleware:
    """Say in words that an address only takes forms: Django's own answer is a blank page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or PASSES_PAGES_BY.match(request.path):
            return response
        page = errors.not_allowed(request)
        page["Allow"] = response["Allow"]
        return page


class SlashMiddleware(common.CommonMiddleware):
    """Django's, but that a program is told when an address is wrong, and not led elsewhere."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        """Whether somebody reads a page, whose last slash was left out."""
        is_read = request.method in ("GET", "HEAD")
        if paths.is_api(request.path_info) and not (
            is_read and paths.is_for_developers(request.path_info)
        ):
            return False
        return super().should_redirect_with_slash(request)


def for_pages(middleware: type, passed_by: Callable[[str], object] = PASSES_PAGES_BY.match) -> type:
    """The same middleware, stepping aside for the APIs, which go by tokens."""

    def call(self: Any, request: HttpRequest) -> HttpResponse:
        if passed_by(request.path_info):
            return self.get_response(request)
        return middleware.__call__(self, request)

    def process_view(self: Any, request: HttpRequest, *args: Any) -> HttpResponse | None:
        if passed_by(request.path_info):
            return None
        return middleware.process_view(self, request, *args)  # type: ignore[attr-defined]

    body: dict[str, Any] = {"__call__": call, "__doc__": middleware.__doc__}
    if hasattr(middleware, "process_view"):
        body["process_view"] = process_view
    return type(middleware.__name__, (middleware,), body)


ContentSecurityPolicyMiddleware = for_pages(csp.ContentSecurityPolicyMiddleware)
SessionMiddleware = for_pages(sessions.SessionMiddleware)
CommonMiddleware = for_pages(SlashMiddleware)
CsrfViewMiddleware = for_pages(csrf.CsrfViewMiddleware, paths.is_api)
AuthenticationMiddleware = for_pages(auth.AuthenticationMiddleware)
LanguageMiddleware = for_pages(PortalLanguageMiddleware)
LoginRequiredMiddleware = for_pages(PortalLoginRequiredMiddleware)
MessageMiddleware = for_pages(messages.MessageMiddleware)
XFrameOptionsMiddleware = for_pages(clickjacking.XFrameOptionsMiddleware)
OriginMiddleware = for_pages(PortalOriginMiddleware, DESKTOPS_ASK_FOR.match)
AccountMiddleware = for_pages(PortalAccountMiddleware)
SignInMiddleware = for_pages(PortalSignInMiddleware)
WayInMiddleware = for_pages(PortalWayInMiddleware)
TwoStepMiddleware = for_pages(PortalTwoStepMiddleware)
KeptFormMiddleware = for_pages(PortalKeptFormMiddleware)
OwnActsMiddleware = for_pages(own_acts.OwnActsMiddleware)
