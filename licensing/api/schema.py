"""The API described for its readers: OpenAPI 3.1, with an example for every answer and code."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
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
    FieldProblem,
    LicencePart,
    Problem,
    RefreshRequest,
    SessionDocument,
)

SESSION_ID = uuid.UUID("0190d7a4-5b1c-4f6e-9a57-3f6f2f1c8d10")
SESSION = SessionDocument(
    id=SESSION_ID,
    token="0190d7a45b1c4f6e9a573f6f2f1c8d10:Zr0…",  # noqa: S106
    state="active",
    usage_model="concurrent",
    licence=LicencePart(
        serial_number="7Q2X-4M8K-9D3T",
        name="London planners",
        product="asta-powerproject",
        ends_on=dt.date(2027, 1, 14),
    ),
    features=["4d", "bim"],
    refresh_after=300,
    grace_until=dt.datetime(2026, 11, 26, 14, 5, tzinfo=dt.UTC),
    server_time=dt.datetime(2026, 11, 24, 14, 5, tzinfo=dt.UTC),
    lease="eyJhbGciOiJFZERTQSIsImtpZCI6Ii4uLiJ9.eyJzdWIiOiIuLi4ifQ.c2lnbmF0dXJl",
    message=None,
)
CHECK_OUT = CheckOutRequest(
    serial_number="7Q2X-4M8K-9D3T",
    product_key="ABCDE-FGHJK-MNPQR-STVWX-YZ012-34567",
    machine_name="CAD-017",
    username="ACME\\jsmith",
    product="asta-powerproject",
    os_session="3",
    version="16.0.02",
    features=["bim"],
)
KEY_SET: dict[str, Any] = {
    "keys": [
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            "use": "sig",
            "alg": "EdDSA",
            "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
        }
    ]
}
EXTRA: dict[type[errors.LicensingError], dict[str, Any]] = {
    errors.RequestInvalid: {
        "errors": [FieldProblem(pointer="/machine_name", detail="This is missing.")]
    },
    errors.VersionNotSupported: {"minimum_version": "16"},
    errors.FeatureNotLicensed: {"features": ["bim"]},
    errors.PoolExhausted: {"seats": 10, "in_use": 10},
    errors.DeviceLimit: {"devices": ["CAD-003"]},
    errors.SessionEnded: {"reason": "closed"},
}
"""What an example of a code's problem document adds."""


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
            examples=[problem_example(kind) for kind in of_status],
        )
        for status, of_status in by_status.items()
    }


def problem_example(kind: type[errors.LicensingError]) -> OpenApiExample:
    """What the problem document of an error looks like."""
    document = problems.document(kind(**EXTRA.get(kind, {})), request_id="5f2b8c0e9d1a4b7c")
    return example(kind.code, document, response_only=True)


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
ID = OpenApiParameter("session_id", uuid.UUID, OpenApiParameter.PATH, description="The session.")

check_out = extend_schema(
    operation_id="check_out",
    summary="Check out a licence",
    tags=["Sessions"],
    auth=[],
    request=CheckOutRequest,
    examples=[example("check_out", CHECK_OUT, request_only=True)],
    responses={
        201: granted("A seat was free: a new session."),
        200: granted("This user on this machine holds a seat already: the same session."),
        **refusals(
            errors.RequestInvalid,
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
            errors.RateLimited,
        ),
    },
)
refresh = extend_schema(
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
close = extend_schema(
    operation_id="close",
    summary="Close a session",
    tags=["Sessions"],
    auth=BEARER,
    parameters=[
        ID,
        OpenApiParameter(
            "ended_at",
            dt.datetime,
            description="When it was closed, if that happened offline. History gets that time, "
            "never later than now nor earlier than the last refresh.",
        ),
    ],
    responses={
        204: OpenApiResponse(description="The seat is free; also when it was free already."),
        **refusals(errors.RequestInvalid, errors.TokenInvalid, errors.SessionUnknown),
    },
)
move = extend_schema(
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
key_set = extend_schema(
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
    return extend_schema(
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
