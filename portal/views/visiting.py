"""What support may look at as an account's owner, and nothing else: one table, read only.

Whatever is not in ``SHOWN`` is refused while a visit goes on, to every method alike: so a new page
is closed to support until somebody writes it down here. None of these pages shows a whole key, a
token or a secret, makes a file, or has anything remembered.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve, reverse

from licensing.api import addresses
from licensing.models import Account
from portal.sign_in.standing import visit_of

logger = structlog.get_logger(__name__)

SHOWN = frozenset({
    "portal:home", "portal:search", "portal:help", "portal:status", "portal:shortcuts",
    "portal:licences", "portal:licence", "portal:licence_position", "portal:key",
    "portal:sessions", "portal:session", "portal:session_rows",
    "portal:person", "portal:machine", "portal:usage", "portal:denials",
    "portal:alerts", "portal:alert_rows", "portal:alert_bell",
    "portal:people", "portal:security", "portal:settings", "portal:audit",
    "portal:reports", "portal:requests", "portal:request",
    "api:docs", "api:schema", "api:problems", "security_txt",
})  # fmt: skip
"""The addresses that an owner may read and support may, by name."""
OF_STAFF = ("admin:", "support:")
"""Before the names of the vendor's own pages: staff read there what they read anyway."""
WAYS_OUT = frozenset({"support:end_view", "account_logout"})
"""What ends a visit, and is no act upon the account."""
READING = ("GET", "HEAD", "OPTIONS")
READ_ONLY = "read_only"


def refusal(request: HttpRequest) -> HttpResponse | None:
    """The answer to what support asks for and may not during a visit; None if it may."""
    visit = visit_of(request)
    if visit is None or is_shown(request):
        return None
    logger.warning(
        "visit_refused",
        address=addresses.of(request),
        user=visit.person_id,
        accounts=str(visit.account_id),
        page=request.resolver_match.view_name if request.resolver_match else "",
        method=request.method,
    )
    context = {"exception": READ_ONLY}
    return render(request, "403.html", context, status=HTTPStatus.FORBIDDEN)


def is_shown(request: HttpRequest) -> bool:
    """Whether support may have what the request asks for."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name in WAYS_OUT:
        return True
    is_seen = name in SHOWN or name.startswith(OF_STAFF)
    return request.method in READING and is_seen


def leads_on(request: HttpRequest, url: str) -> bool:
    """Whether a page may lead there: during a visit only to what is shown."""
    return visit_of(request) is None or resolve(urlsplit(url).path).view_name in SHOWN


def way_back(account: Account) -> str:
    """The account's page at the vendor's desk, where a visit begins and ends."""
    return reverse("support:account", args=[account.pk])
