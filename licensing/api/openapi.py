"""How the API is described in OpenAPI: documents by their schemas, refusals by their codes."""

from __future__ import annotations

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
from licensing.api.documents import Document, Problem
from licensing.api.examples import AT, EXAMPLES

Get = TypeVar("Get", bound=Callable[..., HttpResponse])

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
        response=[400, 401, 403, 404, 405, 408, 409, 410, 412, 422, 429, 500, 503],
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
