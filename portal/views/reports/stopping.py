"""Where the link in a report stops it: opened by its reader, or by their mail program."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from portal.reports import stopping
from portal.views.access import open_while_closed, require_safe_or_post


@csrf_exempt
@login_not_required
@open_while_closed
@never_cache
@require_safe_or_post
def stop_report(request: HttpRequest, code: str) -> HttpResponse:
    """A page with a button; the press of it, or a mail program's (RFC 8058), stops the report.

    The signed code stands for the reader, so it needs neither a sign-in nor a page's own token.
    """
    try:
        place = stopping.find(code)
    except BadSignature:
        return page(request, "broken")
    if place is None:
        return page(request, "over")
    context = {
        "report": place.report,
        "account": place.report.account,
        "email": place.person.email,
    }
    if request.method != "POST":
        return page(request, "open", **context)
    stopping.stop(place)
    return page(request, "done", **context)


def page(request: HttpRequest, state: str, **context: object) -> HttpResponse:
    """The page in this state: open, done, over, or broken."""
    return render(request, "portal/reports/stop.html", {"state": state, **context})
