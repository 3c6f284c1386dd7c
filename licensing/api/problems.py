"""What went wrong, as HTTP: one table of statuses, and problem documents (RFC 9457)."""

from __future__ import annotations

import msgspec
import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from licensing import errors
from licensing.api.documents import Problem

logger = structlog.get_logger(__name__)

PROBLEM_JSON = "application/problem+json"
EXPLAINED_AT = f"{settings.BASE_URL}/api/v1/docs/problems/"
DATABASE_IS_DOWN = (OperationalError, InterfaceError)
FORESEEN = (errors.LicensingError, *DATABASE_IS_DOWN)
"""What a view may raise; anything else is a mistake of ours and crashes."""


class NotFound(errors.LicensingError):
    code = "not_found"
    message = "There is nothing at this address."


class MethodNotAllowed(errors.LicensingError):
    code = "method_not_allowed"
    message = "This address does not take requests of this kind."


class HttpsRequired(errors.LicensingError):
    code = "https_required"
    message = (
        "Ask by https:// only. What was just sent could be read on its way: "
        "have the product key or token replaced."
    )


class InternalError(errors.LicensingError):
    code = "internal_error"
    message = "Something went wrong on our side. Please report it with the request id."


STATUS: dict[type[errors.LicensingError], int] = {
    errors.RequestInvalid: 400,
    errors.TokenInvalid: 401,
    errors.KeyInvalid: 403,
    errors.KeySuperseded: 403,
    errors.KeyRevoked: 403,
    errors.LicenceSuspended: 403,
    errors.LicenceClosed: 403,
    errors.LicenceNotStarted: 403,
    errors.LicenceExpired: 403,
    errors.VersionNotSupported: 403,
    errors.ProductMismatch: 403,
    errors.FeatureNotLicensed: 403,
    errors.AccessBlocked: 403,
    errors.ScopeMissing: 403,
    HttpsRequired: 403,
    errors.SessionUnknown: 404,
    NotFound: 404,
    MethodNotAllowed: 405,
    errors.PoolExhausted: 409,
    errors.DeviceLimit: 409,
    errors.MoveLimit: 409,
    errors.NotSingleUser: 409,
    errors.SeatTaken: 409,
    errors.HasSeatAgain: 409,
    errors.TooLateToUndo: 409,
    errors.InvalidOperation: 409,
    errors.SessionReleased: 410,
    errors.SessionEnded: 410,
    errors.RateLimited: 429,
    InternalError: 500,
    errors.ServiceUnavailable: 503,
}
HEADERS: dict[type[errors.LicensingError], dict[str, str]] = {
    errors.TokenInvalid: {"WWW-Authenticate": "Bearer"},
    errors.PoolExhausted: {"Retry-After": "30"},
    errors.RateLimited: {"Retry-After": "60"},
    errors.ServiceUnavailable: {"Retry-After": "10"},
}
"""Seconds to wait: for a seat, for the brake to let go, for the database to be back."""


def answer_to(error: Exception, request: HttpRequest) -> HttpResponse:
    """The problem document of one of the FORESEEN errors."""
    if isinstance(error, errors.LicensingError):
        return respond(request, error)
    logger.warning("database_unavailable", path=request.path, error=str(error).strip())
    return respond(request, errors.ServiceUnavailable())


def respond(request: HttpRequest, error: errors.LicensingError) -> HttpResponse:
    """The problem document of an error, with its status and headers."""
    request_id = request.request_id  # type: ignore[attr-defined]
    return HttpResponse(
        msgspec.json.encode(document(error, request_id=request_id)),
        status=STATUS[type(error)],
        content_type=PROBLEM_JSON,
        headers={"Cache-Control": "no-store"} | HEADERS.get(type(error), {}),
    )


def document(error: errors.LicensingError, *, request_id: str) -> Problem:
    """What a client is told about an error."""
    kind = type(error)
    return Problem(
        type=f"{EXPLAINED_AT}#{error.code}",
        title=title_of(kind),
        status=STATUS[kind],
        detail=str(error),
        code=error.code,
        retryable=error.retryable,
        request_id=request_id,
        **error.extra,
    )


def title_of(kind: type[errors.LicensingError]) -> str:
    """The code in words: ``pool_exhausted`` is "Pool exhausted"."""
    return kind.code.replace("_", " ").capitalize()
