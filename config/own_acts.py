"""Who has just acted reads what came of it: from the primary, until the standby must have it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from licensing import standby

SAFE = ("GET", "HEAD", "OPTIONS")
MARGIN = 5
"""Seconds beyond STANDBY_LAG: for the look that is believed for a second, and for slow answers."""


class OwnActsMiddleware:
    """Mark a browser that sent something, and read nothing late for one that is marked.

    Only where there is a standby. The mark tells nothing, and whoever takes it away reads late.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if standby.ALIAS not in settings.DATABASES:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.ACTED_COOKIE_NAME not in request.COOKIES:
            response = self.get_response(request)
        else:
            with standby.nothing_late():
                response = self.get_response(request)
        if request.method not in SAFE:
            mark(response)
        return response


def mark(response: HttpResponse) -> None:
    """Let the browser tell for a while that somebody has acted with it."""
    response.set_cookie(
        settings.ACTED_COOKIE_NAME,
        "1",
        max_age=settings.STANDBY_LAG.seconds + MARGIN,
        secure=settings.ACTED_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
