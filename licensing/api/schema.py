"""The API described for its readers: OpenAPI 3.1, with an example for every answer and code."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
)

from licensing import errors
from licensing.api import problems
from licensing.api.documents import (
    CheckOutRequest,
    Document,
    Problem,
    RefreshRequest,
    SessionDocument,
)
from licensing.api.examples import AT, CHECK_OUT, EXAMPLES, KEY_SET, SESSION


class DocumentExtension(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Publishes our documents' own JSON schemas."""

    target_class = Document
    match_subclasses = True

    def get_name(self, auto_schema: AutoSchema, direction: str) -> str:
        """The class's name."""
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        """The document's schema; those that it refers to are registered beside it."""
        (_,), components = msgspec.json.schema_components(
            [self.target], ref_template="#/components/schemas/{name}"
        )
        own: dict[str, Any] = components.pop(self.target.__name__)
        kinds = {kind.__name__: kind for kind in Document.__subclasses__()}
        for name, part in components.items():
            component = ResolvedComponent(  # type: ignore[no-untyped-call]
                name=name, type=ResolvedComponent.SCHEMA, object=kinds[name], schema=part
            )
            auto_schema.registry.register_on_missing(component)
        return own


def example(name: str, document: Any, **details: Any) -> OpenApiExample:
    """An example made of a real document."""
    return OpenApiExample(name, value=msgspec.to_builtins(document), **details)


def refusals(*kinds: type[errors.LicensingError]) -> dict[tuple[int, str], OpenApiResponse]:
    """The answers for these errors and for those that any request may meet, by status."""
    by_status: dict[int, list[type[errors.LicensingError]]] = defaultdict(list)
    for kind in (*kinds, problems.InternalError, errors.ServiceUnavailable):
        by_status[problems.STATUS[kind]].append(kind)
    return {
        (status, problems.PROBLEM_JSON): OpenApiResponse(
            Problem,
            description=" ".join(f"`{kind.code}`: {kind.message}" for kind in of_status),
            examples=[one for kind in of_status for one in problem_examples(kind)],
        )
        for status, of_status in by_status.items()
    }


def problem_examples(kind: type[errors.LicensingError]) -> list[OpenApiExample]:
    """What the problem documents of an error look like."""
    return [
        example(
            " ".join(filter(None, [kind.code, error.extra.get("scope")])),
            problems.document(error, request_id="5f2b8c0e9d1a4b7c", at=AT),
            response_only=True,
        )
        for error in EXAMPLES.get(kind, [kind()])
    ]


def granted(description: str) -> OpenApiResponse:
    """The answer that grants a seat."""
    return OpenApiResponse(
        SessionDocument,
        description=description,
        examples=[example("granted", SESSION, response_only=True)],
    )


Get = TypeVar("Get", bound=Callable[..., HttpResponse])

NO_LONGER_USABLE = (
    errors.LicenceSuspended,
    errors.LicenceClosed,
    errors.LicenceNotStarted,
    errors.LicenceExpired,
)
BEARER: Any = [{"session_token": []}]
BEARER_OR_KEY: Any = [*BEARER, {"product_key": []}]
ID = OpenApiParameter("session_id", uuid.UUID, OpenApiParameter.PATH, description="The session.")
HEADERS = [
    OpenApiParameter(
        "X-Request-Id",
        str,
        OpenApiParameter.HEADER,
        description="What the request is called in logs and answers: 8 to 64 letters, digits and "
        "hyphens that are new for each request. Without one, or with another, it gets one.",
    ),
    OpenApiParameter(
        "X-Request-Id",
        str,
        OpenApiParameter.HEADER,
        required=True,
        response=True,
        description="The request's own id, or the one that it got. An answer that does not repeat "
        "what was sent is not this service's.",
    ),
    OpenApiParameter(
        "Accept-Language",
        str,
        OpenApiParameter.HEADER,
        description="The language of `detail`: English (first choice) or German.",
    ),
    OpenApiParameter(
        "Content-Language",
        {"type": "string", "enum": [code for code, _name in settings.LANGUAGES]},
        OpenApiParameter.HEADER,
        required=True,
        response=[400, 401, 403, 404, 405, 408, 409, 410, 429, 500, 503],
        description="The language of `detail`.",
    ),
    OpenApiParameter(
        "Retry-After",
        int,
        OpenApiParameter.HEADER,
        response=[408, 409, 429, 503],
        description="For how many seconds to wait before asking again; where it makes sense to.",
    ),
]
"""What every request may say besides, and every answer says."""


def operation(
    *, parameters: Sequence[OpenApiParameter] = (), **details: Any
) -> Callable[[Get], Get]:
    """The description of an operation, with the headers that all have in common."""
    return extend_schema(parameters=[*parameters, *HEADERS], **details)


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
