"""The door in front of Django: what desktop software asks all day goes straight to its views.

Django's handler finds a view, sends signals and goes through twenty middleware, of which three
do something for these calls. That costs as much as a refresh itself. Whatever is not
exactly one of the calls goes through all of Django, which answers them just the same:
``tests/config/test_door.py`` compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections, reset_queries
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, resolve
from django.utils.log import log_response
from django.utils.module_loading import import_string

from config.middleware import LengthMiddleware, RequestIdMiddleware, SecurityMiddleware

Respond = Callable[[HttpRequest], HttpResponse]

WATCHING = [import_string(name) for name in settings.WATCHING]
MIDDLEWARE = (RequestIdMiddleware, *WATCHING, LengthMiddleware, SecurityMiddleware)
"""Of those in the settings, in their order, the ones that do something for the calls."""

SESSIONS = "/api/v1/sessions"
ID = "00000000-0000-0000-0000-000000000000"
Calls = tuple[tuple[str, str], ...]
"""Method and address of each, with an id that stands for any."""
HOT: Calls = (
    ("POST", f"{SESSIONS}/{ID}/refresh"), ("POST", SESSIONS), ("DELETE", f"{SESSIONS}/{ID}"),
)  # fmt: skip
HEALTH: Calls = (("GET", "/healthz"), ("HEAD", "/healthz"))
"""What needs no database, and so no thread."""


class Door:
    """Answers some calls as all of Django would, with what was set when it was made."""

    def __init__(self, calls: Calls) -> None:
        self.views = [(method, pattern_of(path), resolve(path)) for method, path in calls]
        self.respond = guarded(call_view)
        for middleware in reversed(MIDDLEWARE):
            self.respond = guarded(middleware(self.respond))

    def find(self, environ: dict[str, Any]) -> ResolverMatch | None:
        """The view that a request is for; None when it is not exactly one of the calls."""
        for method, pattern, there in self.views:
            if environ["REQUEST_METHOD"] == method and (
                found := pattern.fullmatch(environ["PATH_INFO"])
            ):
                return ResolverMatch(there.func, (), found.groupdict(), route=there.route)
        return None

    def answer(self, environ: dict[str, Any], match: ResolverMatch) -> HttpResponse:
        """What the view says, and what Django logs of it. ``finish`` follows, come what may."""
        request = WSGIRequest(environ)
        request.resolver_match = match
        response: HttpResponse = self.respond(request)
        if response.status_code >= 400:
            told = response.reason_phrase, request.path
            log_response("%s: %s", *told, response=response, request=request)
        return response

    def finish(self) -> None:
        """What Django does between two requests: above all it drops a connection that broke."""
        close_old_connections()
        reset_queries()


def pattern_of(path: str) -> re.Pattern[str]:
    """Addresses like this one, with any id as the API writes them."""
    return re.compile(path.replace(ID, "(?P<session_id>[0-9a-f-]{36})"))


def guarded(respond: Callable[[HttpRequest], Any]) -> Respond:
    """The same, with Django's answer to what it raises."""
    return convert_exception_to_response(respond)  # type: ignore[return-value] # it is no coroutine


def call_view(request: HttpRequest) -> HttpResponse:
    """Ask the view that was found."""
    match = request.resolver_match
    assert match is not None
    response: HttpResponse = match.func(request, **match.kwargs)
    return response
