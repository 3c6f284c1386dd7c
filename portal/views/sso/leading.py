"""Pages that lead to the account's provider."""

from __future__ import annotations

import functools
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csp import csp_override

from portal.models import SingleSignOn
from portal.models.sso import domain_of
from portal.outbound.unanswered import Busy


def lead(request: HttpRequest, single: SingleSignOn, email: str) -> HttpResponse:
    """The page that sends the browser to the provider. It says the same of every address."""
    context = {
        "single": single,
        "domain": domain_of(email),
        "next": request.POST.get("next", ""),
    }
    return page_to(request, single, "portal/sso/go.html", context)


def page_to(
    request: HttpRequest,
    single: SingleSignOn | None,
    template: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """A page whose forms may lead to the provider: the policy names it, for redirects count."""
    answer = functools.partial(render, request, template, context, status=status)
    if single is None:
        return answer()
    policy: dict[str, Any] = settings.SECURE_CSP | {
        "form-action": ["'self'", single.sign_in_origin]
    }
    return csp_override(policy)(lambda _r: answer())(request)


def busy(request: HttpRequest, later: Busy, single: SingleSignOn | None = None) -> HttpResponse:
    """Why nobody was asked, and the button or link that tries again."""
    context = {
        "why": later,
        "single": single,
        "next": request.POST.get("next", ""),
        "purpose": request.POST.get("purpose", ""),
    }
    response = page_to(request, single, "portal/sso/busy.html", context, status=503)
    response["Retry-After"] = str(later.seconds)
    response._has_been_logged = True  # type: ignore[attr-defined]  # no error: strangers cause it
    return response
