"""The API described for its readers: OpenAPI 3.1, with an example for every answer and code."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from licensing import errors
from licensing.api import problems
from licensing.api.documents import CheckOutRequest, RefreshRequest, SessionDocument
from licensing.api.examples import CHECK_OUT, KEY_SET, SESSION
from licensing.api.openapi import Get, example, operation, refusals

NO_LONGER_USABLE = (
    errors.LicenceSuspended,
    errors.LicenceClosed,
    errors.LicenceNotStarted,
    errors.LicenceExpired,
)
BEARER: Any = [{"session_token": []}]
BEARER_OR_KEY: Any = [*BEARER, {"product_key": []}]
ID = OpenApiParameter("session_id", uuid.UUID, OpenApiParameter.PATH, description="The session.")


def granted(description: str) -> OpenApiResponse:
    """The answer that grants a seat."""
    return OpenApiResponse(
        SessionDocument,
        description=description,
        examples=[example("granted", SESSION, response_only=True)],
    )


check_out = operation(
    operation_id="check_out",
    summary="Check out a licence",
    tags=["Sessions"],
    auth=[],
    request=CheckOutRequest,
    examples=[example("check_out", CHECK_OUT, request_only=True)],
    responses={
        201: granted("A seat was free: a new session."),
        200: granted(
            "This user on this machine holds a seat already: the same session, whatever "
            "`session_id` says."
        ),
        **refusals(
            errors.RequestInvalid,
            problems.RequestTooSlow,
            errors.KeyInvalid,
            errors.KeySuperseded,
            errors.KeyRevoked,
            *NO_LONGER_USABLE,
            errors.VersionNotSupported,
            errors.ProductMismatch,
            errors.FeatureNotLicensed,
            errors.AccessBlocked,
            errors.PoolExhausted,
            errors.DeviceLimit,
            errors.SessionReleased,
            errors.SessionEnded,
            errors.RateLimited,
        ),
    },
)
refresh = operation(
    operation_id="refresh",
    summary="Refresh a session",
    tags=["Sessions"],
    auth=BEARER,
    parameters=[ID],
    request={"application/json": RefreshRequest},
    examples=[example("refresh", RefreshRequest(version="16.0.02"), request_only=True)],
    responses={
        200: granted("The session goes on, with a new lease."),
        **refusals(
            errors.RequestInvalid,
            problems.RequestTooSlow,
            errors.TokenInvalid,
            *NO_LONGER_USABLE,
            errors.AccessBlocked,
            errors.SessionUnknown,
            errors.PoolExhausted,
            errors.SessionReleased,
            errors.SessionEnded,
        ),
    },
)
close = operation(
    operation_id="close",
    summary="Close a session",
    description="A client that never heard the answer to its check-out has no token. It closes "
    "the `session_id` that it made with its serial number and product key (Basic, UTF-8), and is "
    "answered 204 whether or not the licence has such a session; a check-out with this id that "
    "arrives later is answered `session_ended`. A key that was replaced or revoked closes too.",
    tags=["Sessions"],
    auth=BEARER_OR_KEY,
    parameters=[
        ID,
        OpenApiParameter(
            "ended_at",
            dt.datetime,
            description="When it was closed, if that happened offline. History gets that time, "
            "never later than now. A time before the session's last check-out or refresh changes "
            "nothing: the program has been opened again since.",
        ),
    ],
    responses={
        204: OpenApiResponse(
            description="The seat is free; also when it was free already, and when the close "
            "came too late to change anything."
        ),
        **refusals(
            errors.RequestInvalid,
            errors.TokenInvalid,
            errors.KeyInvalid,
            errors.SessionUnknown,
            errors.RateLimited,
        ),
    },
)
move = operation(
    operation_id="move",
    summary="Move a single-user licence",
    tags=["Sessions"],
    auth=BEARER,
    parameters=[ID],
    responses={
        204: OpenApiResponse(
            description="The session has ended and no device is bound; also when it was so already."
        ),
        **refusals(
            errors.TokenInvalid, errors.SessionUnknown, errors.NotSingleUser, errors.MoveLimit
        ),
    },
)
key_set = operation(
    operation_id="key_set",
    summary="The keys that verify leases",
    tags=["Leases"],
    auth=[],
    responses={
        200: OpenApiResponse(
            {
                "type": "object",
                "required": ["keys"],
                "properties": {"keys": {"type": "array", "items": {"type": "object"}}},
            },
            description="A JSON Web Key Set (RFC 7517) of Ed25519 keys (RFC 8037).",
            examples=[OpenApiExample("key set", value=KEY_SET, response_only=True)],
        ),
        **refusals(),
    },
)


def health(word: str) -> Callable[[Get], Get]:
    """The description of a health check."""
    return operation(
        operation_id=word,
        summary=f"Whether the service is {word}",
        tags=["Health"],
        auth=[],
        responses={
            200: OpenApiResponse(
                {
                    "type": "object",
                    "required": ["status"],
                    "properties": {"status": {"const": word}},
                },
                description=word.capitalize() + ".",
                examples=[OpenApiExample(word, value={"status": word}, response_only=True)],
            ),
            **refusals(),
        },
    )


alive = health("alive")
ready = health("ready")
