"""One line of the log for each request, where LOG_REQUESTS wants it: no address, and no secret."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import perf_counter
from typing import Any

import msgspec
import structlog
from django.http import HttpRequest, HttpResponse

from licensing.api import paths

logger = structlog.get_logger(__name__)

OF_HEALTH = ("/healthz", "/readyz")
HOT = "/api/v1/sessions"
AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Licence(msgspec.Struct):
    """What is read of a session's licence."""

    serial_number: str


class Answer(msgspec.Struct):
    """What is read of an answer to a program: whose session it is, or why it was refused."""

    id: str | None = None
    licence: Licence | None = None
    code: str | None = None


class AnsweredMiddleware:
    """Log each request once it is answered, with the id that RequestIdMiddleware gave it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in OF_HEALTH:
            return self.get_response(request)
        began = perf_counter()
        response = self.get_response(request)
        took = round(1000 * (perf_counter() - began), 1)
        match = request.resolver_match
        logger.info(
            "answered",
            method=request.method,
            route=match.route if match else paths.route_of(request.path_info),
            status=response.status_code,
            duration_ms=took,
            **about(request, response),
        )
        return response


def about(request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    """Whose request it was, as far as that is known by now."""
    if not paths.is_api(request.path_info):
        return whose(request)
    told = whose(request)
    named = request.resolver_match.kwargs.get("session_id", "") if request.resolver_match else ""
    if AN_ID.fullmatch(str(named)):  # anything may stand in its place
        told["session"] = str(named)
    if request.path_info.startswith(HOT) or response.status_code >= 400:
        told |= read(response)
    return told


def whose(request: HttpRequest) -> dict[str, Any]:
    """The ids of account, person and API token, where they were looked up anyway."""
    account, user = getattr(request, "account", None), getattr(request, "_cached_user", None)
    token = getattr(request, "asked_by", None)
    ids = {
        "account": account.pk if account else getattr(token or request, "account_id", None),
        "user": getattr(user, "pk", None),
        "token": getattr(token, "pk", None),
    }
    return {name: value for name, value in ids.items() if value is not None}


def read(response: HttpResponse) -> dict[str, Any]:
    """What an answer of the API says of itself."""
    try:
        answer = msgspec.json.decode(response.content, type=Answer)
    except msgspec.DecodeError:
        return {}
    licence = answer.licence.serial_number if answer.licence else None
    found = {"session": answer.id, "licence": licence, "code": answer.code}
    return {name: value for name, value in found.items() if value is not None}
