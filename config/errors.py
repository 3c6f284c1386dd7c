"""What is answered when something goes wrong outside a view: clients get problems, people pages."""

from __future__ import annotations

import errno
import sys
from typing import Any

import structlog
from django.core.exceptions import DisallowedHost, PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.template import loader
from django.utils.translation import gettext
from django.views import defaults
from psycopg.errors import QueryCanceled

from licensing import readiness
from licensing.api import parsers, paths, problems
from licensing.encryption import SecretLost
from licensing.errors import LicensingError, ServiceUnavailable
from portal.sent import kept_forms, page_marks
from portal.sign_in import alarms, landing
from portal.views import elsewhere, signed_out, stale_pages
from portal.views.redirects import page_above, page_of
from support.console import finding

logger = structlog.get_logger(__name__)

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
SEARCHES = ("q", "who", "about")
"""The parameters in which people type what they look for."""


def bad_request(request: HttpRequest, exception: SuspiciousOperation) -> HttpResponse:
    """400: Django did not trust the request.

    For programs a host name that is not ours is a wrong address, and says nothing of a licence.
    """
    is_for_programs = paths.is_for_programs(request.path)
    if is_for_programs and isinstance(exception, DisallowedHost):
        return problems.respond(request, problems.NotFound())
    if is_for_programs:
        return problems.respond(request, parsers.whole_is_invalid("The request is not right."))
    return defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: not for this person's role.

    Where another of their accounts has what they look for, the page offers to switch.
    """
    if found := elsewhere.look(request):
        return render(request, "portal/elsewhere.html", {"elsewhere": found}, status=404)
    alarms.act_refused(request)
    if landing.is_for_staff(request.path) and not request.user.is_staff:
        exception = PermissionDenied("staff")
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is no such address, or nothing at it that this person may see.

    Where another of their accounts has it, the page offers to switch; staff find on in the console.
    """
    if paths.is_for_programs(request.path):
        return problems.respond(request, problems.NotFound())
    if found := elsewhere.look(request):
        return render(request, "portal/elsewhere.html", {"elsewhere": found}, status=404)
    if finding.is_for(request):
        return finding.nothing_there(request)
    return defaults.page_not_found(request, exception)


def not_allowed(request: HttpRequest) -> HttpResponse:
    """405: the address only takes forms; the page leads to the one above it."""
    if paths.is_for_programs(request.path):
        return problems.respond(request, problems.MethodNotAllowed())
    context = {"page_above": page_above(request.path)}
    return render(request, "405.html", context, status=405)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without the token of now.

    One of our own pages that is older than the sign-in can be sent again with all its words,
    after one has signed in; of other sites' forms nothing is shown.
    """
    if kept_forms.is_sent_from_here(request):
        if request.user.is_authenticated and request.path_info == resolve_url("account_login"):
            return signed_out.is_back(request)
        if getattr(request, "account", None):
            return stale_pages.out_of_date(request)
        if not request.user.is_authenticated and page_marks.sent_with(request):
            return signed_out.to_sign_in(request)
    context = {"page": page_of(request)}
    return render(request, "403_csrf.html", context, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database is down or for what it was stopped at, 500 for a mistake of ours."""
    error = sys.exception()
    is_outage = isinstance(error, problems.DATABASE_IS_DOWN)
    if paths.is_for_programs(request.path):
        problem: LicensingError = ServiceUnavailable() if is_outage else problems.InternalError()
        return problems.respond(request, problem)
    if isinstance(getattr(error, "__cause__", None), QueryCanceled):
        return page(request, 503, "took_too_long.html", asked_of(request))
    if name := operators_fault(request, error):
        return page(request, 503, name)
    return page(request, 503 if is_outage else 500)


def operators_fault(request: HttpRequest, error: BaseException | None) -> str:
    """The page of what only an operator can mend, which the log names; empty for anything else."""
    route = paths.route_of(request.path)
    if isinstance(error, SecretLost):
        logger.error("secret_lost", setting="PRODUCT_KEY_ENCRYPTION_KEYS", route=route)
        return "secret_lost.html"
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        logger.error("disk_full", error=error.strerror, route=route)
        return "no_room.html"
    return ""


def page(
    request: HttpRequest, status: int, name: str = "", context: dict[str, Any] | None = None
) -> HttpResponse:
    """The error's page, made without the database or anything else that may be broken."""
    template = loader.get_template(name or f"{status}.html")
    about = {"request_id": request.request_id}  # type: ignore[attr-defined]
    try:
        content = template.render(about | (context or {}))
    except ValueError:  # as the manifest of static files says what it has not
        if not (fault := readiness.of_static_files()):
            raise
        return without_static_files(status, fault)
    return HttpResponse(content, status=status, headers={"Cache-Control": "no-store"})


def without_static_files(status: int, fault: readiness.Fault) -> HttpResponse:
    """A line instead of a page, which names files that are not there; the log says what to do."""
    logger.error("static_files_missing", cause=fault.detail, what_to_do=fault.what_to_do)
    return HttpResponse(
        gettext("This page cannot be shown: files of the site are missing. Its log says which."),
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )


def asked_of(request: HttpRequest) -> dict[str, Any]:
    """What a page was asked for, to be narrowed down: its searches apart from the rest."""
    asked = [(name, value) for name, values in request.GET.lists() for value in values]
    return {
        "address": request.path,
        "again": request.get_full_path(),
        "is_reading": request.method in ("GET", "HEAD"),
        "searches": [(name, value) for name, value in asked if name in SEARCHES],
        "others": [(name, value) for name, value in asked if name not in SEARCHES],
    }
