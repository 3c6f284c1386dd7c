"""The customer API described for its readers, in the same document as the client API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from licensing import errors
from licensing.api import problems
from licensing.api.documents import Document
from licensing.api.examples import AT, SESSION_ID
from licensing.api.openapi import example, operation, refusals
from licensing.api.schema import ID
from portal.api import documents, lists, use_documents
from portal.api.lists import ApiList
from portal.api.queries import ListQuery
from portal.models import Scope

Get = TypeVar("Get", bound=Callable[..., HttpResponse])

BEARER: Any = [{"api_token": []}]
LICENCE_ID = OpenApiParameter(
    "licence_id", {"type": "integer"}, OpenApiParameter.PATH, description="The licence."
)
ACCOUNT = documents.AccountDocument(
    id=7,
    name="Brook & Co",
    time_zone="Europe/London",
    token_name="Power BI report",  # noqa: S106
    scopes=["licences:read", "sessions:read"],
    token_ends_at=AT,
    shows_aliases=False,
)
LICENCE = documents.AccountLicence(
    id=12,
    name="London planners",
    product="asta-powerproject",
    usage_model="concurrent",
    state="active",
    seats=10,
    in_use=8,
    features=["4d", "bim"],
    tags=["London"],
    starts_on=dt.date(2026, 1, 15),
    ends_on=dt.date(2027, 1, 14),
    grace_seconds=172800,
    reclaim_after_seconds=172800,
)
KEY = documents.AccountKey(
    id=31,
    licence=12,
    label="London office",
    serial_number="7Q2X-4M8K-9D3T",
    product_key="••••4567",
    state="active",
    superseded_at=None,
    revoked_at=None,
    created_at=AT,
    created_by="Priya Shah",
)
SESSION = documents.AccountSession(
    id=SESSION_ID,
    licence=12,
    licence_name="London planners",
    serial_number="7Q2X-4M8K-9D3T",
    username="ACME\\jsmith",
    machine_name="CAD-017",
    os_session="3",
    version="16.0.02",
    features=["bim"],
    state="active",
    started_at=AT,
    refreshed_at=AT,
    grace_until=AT,
    reclaim_at=None,
    ended_at=None,
    end_reason="",
)
RELEASED = msgspec.structs.replace(SESSION, state="ended", ended_at=AT, end_reason="released")
DENIAL = documents.AccountDenial(
    id=405,
    licence=12,
    licence_name="London planners",
    code="pool_exhausted",
    reason="All seats in use",
    state="true",
    username="ACME\\jsmith",
    machine_name="CAD-017",
    version="16.0.02",
    tries=3,
    first_at=AT,
    last_at=AT,
    seats=10,
    in_use=10,
)
USE = use_documents.AccountUse(
    start=AT.replace(minute=0, second=0, microsecond=0),
    licence=12,
    licence_name="London planners",
    peak=10,
    mean=7.85,
    limit=10,
    seconds_at_limit=1260.0,
    people=9,
    machines=9,
    true_denials=1,
)
ENTRY = documents.AccountAuditEntry(
    number=58,
    at=AT,
    actor_kind="person",
    actor_name="Priya Shah",
    action="session_released",
    sentence="Priya Shah released ACME\\jsmith on CAD-017.",
    object_kind="client session",
    object_id=str(SESSION_ID),
    object_name="ACME\\jsmith on CAD-017",
    reason="On holiday",
    details={"licence": "London planners"},
    address="192.0.2.7",
    request_id="5f2b8c0e9d1a4b7c",
    part_of=None,
)
PERSON = documents.AccountPerson(
    id=4, name="Priya Shah", email="priya@example.com", role="owner", since=AT
)


def parameters_of(query: type[ListQuery]) -> list[OpenApiParameter]:
    """The parameters of an address, as their class describes them."""
    described = msgspec.json.schema(query)["$defs"]
    return [
        OpenApiParameter(name, value_of(parameter, described), description=parameter["description"])
        for name, parameter in described[query.__name__]["properties"].items()
    ]


def value_of(parameter: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    """What a parameter's value may be, without the null that stands for its absence.

    Words of which it may be one have a name, and stand in ``described`` by it.
    """
    kinds = [kind for kind in parameter.get("anyOf", [parameter]) if kind.get("type") != "null"]
    (kind,) = kinds
    if name := kind.get("$ref", "").removeprefix("#/$defs/"):
        return {"enum": described[name]["enum"]}
    return {name: value for name, value in kind.items() if name not in ("description", "default")}


def found_or_unchanged(document: Document) -> dict[int, OpenApiResponse]:
    """The answers of what is read with an ``ETag``."""
    return {
        200: OpenApiResponse(
            type(document),
            description="Its `ETag`, sent again as `If-None-Match`, saves an unchanged answer.",
            examples=[example("found", document, response_only=True)],
        ),
        304: OpenApiResponse(description="Nothing has changed since the answer you have."),
    }


def reading(
    name: str,
    summary: str,
    document: Document,
    *,
    scope: Scope | None = None,
    parameters: list[OpenApiParameter] | None = None,
    refused: tuple[type[errors.LicensingError], ...] = (),
) -> Callable[[Get], Get]:
    """The description of an operation that reads."""
    by_scope = (errors.ScopeMissing,) if scope else ()
    return operation(
        operation_id=name,
        summary=summary,
        description=f"Scope `{scope}`." if scope else "Any token that works.",
        tags=["Account"],
        auth=BEARER,
        parameters=parameters or [],
        responses={
            **found_or_unchanged(document),
            **refusals(errors.TokenInvalid, *by_scope, errors.RateLimited, *refused),
        },
    )


def listing(
    name: str, summary: str, listed: ApiList[Any, Any], example: Document
) -> Callable[[Get], Get]:
    """The description of an operation that lists."""
    return reading(
        name,
        summary,
        listed.page(data=[example], next=None),
        scope=listed.scope,
        parameters=parameters_of(listed.query),
        refused=(errors.RequestInvalid, problems.NotFound),
    )


account = reading("account", "The account of the token", ACCOUNT)
licences = listing("account_licences", "Licences and their use", lists.LICENCES, LICENCE)
licence = reading(
    "account_licence",
    "One licence",
    LICENCE,
    scope=Scope.LICENCES,
    parameters=[LICENCE_ID],
    refused=(problems.NotFound,),
)
keys = listing("account_keys", "Product keys, masked", lists.KEYS, KEY)
sessions = listing("account_sessions", "Who is using a licence", lists.SESSIONS, SESSION)
session = reading(
    "account_session",
    "One session",
    SESSION,
    scope=Scope.SESSIONS,
    parameters=[ID],
    refused=(problems.NotFound,),
)
denials = listing("account_denials", "Who was refused, and why", lists.DENIALS, DENIAL)
usage = listing("account_usage", "How much licences are used, by hour", lists.USAGE, USE)
audit = listing("account_audit", "The audit log", lists.AUDIT, ENTRY)
people = listing("account_people", "People and their roles", lists.PEOPLE, PERSON)
release = operation(
    operation_id="account_release",
    summary="Release a session",
    description=f"Frees the seat at once. Safe to repeat. Scope `{Scope.RELEASE}`.",
    tags=["Account"],
    auth=BEARER,
    parameters=[ID],
    request={"application/json": documents.ReleaseRequest},
    examples=[
        example("release", documents.ReleaseRequest(reason="Left the company"), request_only=True)
    ],
    responses={
        200: OpenApiResponse(
            documents.AccountSession,
            description="The session is over, now or before.",
            examples=[example("released", RELEASED, response_only=True)],
        ),
        **refusals(
            errors.RequestInvalid,
            problems.RequestTooSlow,
            errors.TokenInvalid,
            errors.ScopeMissing,
            problems.NotFound,
            errors.RateLimited,
        ),
    },
)
