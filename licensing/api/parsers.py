"""From a request's body to a document, or to a list of all that is wrong with it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from django.http import HttpRequest

from licensing import errors
from licensing.api.documents import FieldProblem, Request

MOST_BYTES = 16 * 1024
MOST_BRACKETS = 500
"""More open no honest document. The decoder recurses in C: some thousand levels, which fit
into 16 KiB, overflow the small stack of a web server's thread and end the process."""
JSON = "application/json"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NO_BODY = (b"", b"null")
PLACE = re.compile(r" - at `\$\[(\d+)\]`$")
WHOLE_NUMBER = re.compile(r"`float`(?: [<>]= .*| that's .*)?")
"""12.0 is as whole as 12: so its type is told, and what it may be follows in words."""
REGEX = re.compile(r"^Expected `str` matching regex .*$", re.DOTALL)


def read[D: Request](request: HttpRequest, kind: type[D]) -> D:
    """The document in a request's body; raise RequestInvalid with all that is wrong in it.

    At most 16 KiB are read, whatever length the request says it has. No body is an
    empty document, and so is null, which some programs send for none.
    """
    body = read_json(request)
    if body.strip() in NO_BODY:
        body = b"{}"
    try:
        document: D = decoder(kind).decode(body)
    except msgspec.ValidationError:
        raise errors.RequestInvalid(errors=list(problems_in(decoded(body), kind))) from None
    except ValueError as error:  # malformed, not UTF-8, a number beyond measure
        raise is_no_json(error) from None
    return document


def read_json(request: HttpRequest) -> bytes:
    """The body, if any; raise RequestInvalid when it is no JSON, too long or nested too deeply."""
    body = request.read(MOST_BYTES + 1)
    if not body:
        return body
    if len(body) > MOST_BYTES:
        raise whole_is_invalid("The body is larger than 16 KiB.")
    if body.count(b"[") + body.count(b"{") > MOST_BRACKETS:
        raise whole_is_invalid("The JSON is nested too deeply.")
    content_type = request.META.get("CONTENT_TYPE", "")
    if content_type.partition(";")[0].strip().lower() != JSON:
        raise whole_is_invalid("Send Content-Type: application/json.")
    return body.removeprefix(BYTE_ORDER_MARK)


@functools.cache
def decoder[D: Request](kind: type[D]) -> msgspec.json.Decoder[D]:
    """Reads documents of this kind."""
    return msgspec.json.Decoder(kind)


def decoded(body: bytes) -> Any:
    """The body as Python values; raise RequestInvalid."""
    try:
        return msgspec.json.decode(body)
    except ValueError as error:
        raise is_no_json(error) from None


def is_no_json(error: ValueError) -> errors.RequestInvalid:
    """The error for a body that the decoder cannot make sense of."""
    return whole_is_invalid(f"The body cannot be read as JSON: {error}.")


def problems_in(data: Any, kind: type[Request]) -> Iterator[FieldProblem]:
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
        found = WHOLE_NUMBER.sub("a whole number", found)
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
