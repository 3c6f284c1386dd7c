"""From a request's body to a document, or to a list of all that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

import msgspec
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from licensing import errors
from licensing.api.documents import Document, FieldProblem

MOST_BYTES = 16 * 1024
MOST_BRACKETS = 500
"""More open no honest document. The decoder recurses in C: some thousand levels, which fit
into 16 KiB, overflow the small stack of a web server's thread and end the process."""
JSON = "application/json"
PLACE = re.compile(r" - at `\$\[(\d+)\]`$")
REGEX = re.compile(r"^Expected `str` matching regex .*$", re.DOTALL)


class BoundedJSONParser(BaseParser):
    """Reads JSON of at most 16 KiB, whatever length the request says it has."""

    media_type = JSON

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The body as Python values; raise RequestInvalid."""
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise whole_is_invalid("The body is larger than 16 KiB.")
        if body.count(b"[") + body.count(b"{") > MOST_BRACKETS:
            raise whole_is_invalid("The JSON is nested too deeply.")
        try:
            return msgspec.json.decode(body)
        except ValueError as error:  # malformed, not UTF-8, a number beyond measure
            raise whole_is_invalid(f"The body cannot be read as JSON: {error}.") from None


class JSONOnly(BaseContentNegotiation):
    """Everybody speaks JSON here, whatever the Accept header says."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """The JSON parser, or None when the body says that it is something else."""
        media_type = request.content_type.partition(";")[0].strip().lower()
        return next(iter(parsers)) if media_type == JSON else None

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        """The view's first renderer."""
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


def read[D: Document](data: Any, kind: type[D]) -> D:
    """The document in a request's JSON; raise RequestInvalid with all that is wrong in it."""
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError:
        raise errors.RequestInvalid(errors=list(problems_in(data, kind))) from None


def problems_in(data: Any, kind: type[Document]) -> Iterator[FieldProblem]:
    """Everything that keeps ``data`` from being a document of this kind."""
    if not isinstance(data, dict):
        yield FieldProblem(pointer="", detail="Send a JSON object.")
        return

    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    for name in data:
        if name not in fields:
            yield FieldProblem(pointer=pointer_to(name), detail="There is no such field.")
    for name, field in fields.items():
        wanted = field.type.__metadata__[-1].description
        if name in data:
            yield from problems_in_value(name, data[name], field.type, wanted)
        elif field.required:
            yield FieldProblem(pointer=pointer_to(name), detail=f"This is missing. {wanted}")


def problems_in_value(name: str, value: Any, kind: Any, wanted: str) -> Iterator[FieldProblem]:
    """What is wrong with one field, and what it should hold instead."""
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        place = PLACE.search(str(error))
        pointer = pointer_to(name) + (f"/{place[1]}" if place else "")
        found = REGEX.sub("This cannot be right", PLACE.sub("", str(error)))
        yield FieldProblem(pointer=pointer, detail=f"{found}. {wanted}")


def read_parameter(name: str, text: str, kind: Any) -> Any:
    """The value of a query parameter; raise RequestInvalid."""
    try:
        return msgspec.convert(text, kind)
    except msgspec.ValidationError:
        wanted = kind.__metadata__[-1].description
        problem = FieldProblem(pointer=pointer_to(name), detail=wanted)
        raise errors.RequestInvalid(errors=[problem]) from None


def pointer_to(name: str) -> str:
    """The JSON pointer (RFC 6901) to a field of the document."""
    return "/" + name.replace("~", "~0").replace("/", "~1")


def whole_is_invalid(detail: str) -> errors.RequestInvalid:
    """The error for a body that is wrong as a whole."""
    return errors.RequestInvalid(errors=[FieldProblem(pointer="", detail=detail)])
