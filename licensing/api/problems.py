"""What went wrong, as HTTP: one table of statuses, and problem documents (RFC 9457)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy
from django.utils.translation.trans_real import parse_accept_lang_header

from licensing import clock, errors
from licensing.api import paths
from licensing.api.documents import Problem

logger = structlog.get_logger(__name__)

PROBLEM_JSON = "application/problem+json"
EXPLAINED_AT = f"{settings.BASE_URL}/api/v1/docs/problems/"
DATABASE_IS_DOWN = (OperationalError, InterfaceError)
FORESEEN = (errors.LicensingError, *DATABASE_IS_DOWN)
"""What a view may raise; anything else is a mistake of ours and crashes."""


class NotFound(errors.LicensingError):
    code = "not_found"
    message = gettext_lazy("There is nothing at this address.")


class MethodNotAllowed(errors.LicensingError):
    code = "method_not_allowed"
    message = gettext_lazy("This address does not take requests of this kind.")


class RequestTooSlow(errors.LicensingError):
    code = "request_too_slow"
    message = gettext_lazy("The request came too slowly. Check the connection and try again.")
    retryable = True


class IdempotencyKeyMissing(errors.LicensingError):
    code = "idempotency_key_missing"
    message = gettext_lazy(
        "Send an Idempotency-Key: 1 to 255 characters without spaces, new for each thing to do."
    )


class IdempotencyKeyInvalid(errors.LicensingError):
    code = "idempotency_key_invalid"
    message = gettext_lazy("An Idempotency-Key is 1 to 255 characters without spaces.")
    empty = gettext_lazy("This Idempotency-Key is empty: 1 to 255 characters are wanted.")
    too_long = gettext_lazy("This Idempotency-Key is too long: 255 characters are the most.")
    with_a_space = gettext_lazy("There is a space in this Idempotency-Key: leave it out.")
    with_no_text = gettext_lazy(
        "In this Idempotency-Key is a quote, a backslash or what is not ASCII: leave it out."
    )


class IdempotencyKeyReused(errors.LicensingError):
    code = "idempotency_key_reused"
    message = gettext_lazy(
        "Something else was done with this Idempotency-Key. Take a new one for each thing to do."
    )


class IdempotencyKeyInUse(errors.LicensingError):
    code = "idempotency_key_in_use"
    message = gettext_lazy("A request with this Idempotency-Key is being done. Ask again soon.")
    retryable = True


class PreconditionFailed(errors.LicensingError):
    code = "precondition_failed"
    message = gettext_lazy(
        "This was changed since you read it, and nothing was done. Read it again, then decide."
    )


class LengthRequired(errors.LicensingError):
    code = "length_required"
    message = gettext_lazy("Say how long the request is.")


class RequestTooLarge(errors.LicensingError):
    code = "request_too_large"
    message = gettext_lazy("The request is larger than anything that is taken here.")


class HttpsRequired(errors.LicensingError):
    code = "https_required"
    message = gettext_lazy(
        "Ask by https:// only. What was just sent could be read on its way: "
        "have the product key or token replaced."
    )


class InternalError(errors.LicensingError):
    code = "internal_error"
    message = gettext_lazy(
        "Something went wrong on our side. Please report it with the request id."
    )


STATUS: dict[type[errors.LicensingError], int] = {
    errors.RequestInvalid: 400,
    IdempotencyKeyMissing: 400,
    IdempotencyKeyInvalid: 400,
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
    RequestTooSlow: 408,
    LengthRequired: 411,
    PreconditionFailed: 412,
    RequestTooLarge: 413,
    errors.PoolExhausted: 409,
    errors.DeviceLimit: 409,
    errors.MoveLimit: 409,
    errors.NotSingleUser: 409,
    errors.SeatTaken: 409,
    errors.HasSeatAgain: 409,
    errors.TooLateToUndo: 409,
    errors.InvalidOperation: 409,
    IdempotencyKeyInUse: 409,
    errors.SessionReleased: 410,
    errors.SessionEnded: 410,
    IdempotencyKeyReused: 422,
    errors.RateLimited: 429,
    InternalError: 500,
    errors.ServiceUnavailable: 503,
}
HEADERS: dict[type[errors.LicensingError], dict[str, str]] = {
    errors.TokenInvalid: {"WWW-Authenticate": "Bearer"},
    errors.PoolExhausted: {"Retry-After": "30"},
    IdempotencyKeyInUse: {"Retry-After": "1"},
    RequestTooSlow: {"Retry-After": "10"},
    errors.RateLimited: {"Retry-After": "60"},
    errors.ServiceUnavailable: {"Retry-After": "10"},
}
"""Seconds to wait: for a seat, for the brake to let go, for the database to be back."""


def answer_to(error: Exception, request: HttpRequest) -> HttpResponse:
    """The problem document of one of the FORESEEN errors."""
    if isinstance(error, errors.LicensingError):
        return respond(request, error)
    logger.warning(
        "database_unavailable", route=paths.route_of(request.path), error=str(error).strip()
    )
    return respond(request, errors.ServiceUnavailable())


def respond(request: HttpRequest, error: errors.LicensingError) -> HttpResponse:
    """The problem document of an error, with its status and headers."""
    request_id: str = request.request_id  # type: ignore[attr-defined]
    accepted = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    return answer_in(language_of(accepted), error, request_id=request_id)


def answer_in(language: str, error: errors.LicensingError, *, request_id: str) -> HttpResponse:
    """The problem document of an error, whose ``detail`` somebody reads in this language."""
    with translation.override(language):
        body = msgspec.json.encode(document(error, request_id=request_id))
    headers = {"Cache-Control": "no-store", "Content-Language": language, "Vary": "Accept-Language"}
    return HttpResponse(
        body,
        status=status_of(type(error)),
        content_type=PROBLEM_JSON,
        headers=headers | HEADERS.get(type(error), {}),
    )


def language_of(accepted: str) -> str:
    """The first of our languages that an ``Accept-Language`` names; ours without one."""
    for name, quality in parse_accept_lang_header(accepted):
        if not quality:  # "never this one"
            continue
        try:
            return translation.get_supported_language_variant(name)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def document(
    error: errors.LicensingError, *, request_id: str, at: dt.datetime | None = None
) -> Problem:
    """What a client is told about an error, in the language of now, at this time or now."""
    kind = type(error)
    return Problem(
        type=f"{EXPLAINED_AT}#{error.code}",
        title=title_of(kind),
        status=status_of(kind),
        detail=str(error),
        code=error.code,
        retryable=error.retryable,
        request_id=request_id,
        server_time=in_utc(at or clock.database.now()),
        **{name: in_utc(value) for name, value in error.extra.items()},
    )


def in_utc(value: Any) -> Any:
    """A moment as the API tells it, in UTC and whole seconds; anything else as it is."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).replace(microsecond=0)
    return value


def status_of(kind: type[errors.LicensingError]) -> int:
    """The status of an error, or of the one whose special case it is."""
    return next(STATUS[each] for each in kind.__mro__ if each in STATUS)


def title_of(kind: type[errors.LicensingError]) -> str:
    """The code in words: ``pool_exhausted`` is "Pool exhausted"."""
    return kind.code.replace("_", " ").capitalize()
