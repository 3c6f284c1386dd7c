"""Answers that a program may keep: each names its version, and is not sent twice."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from licensing.api.documents import Document
from licensing.api.exchange import answer


def kept(request: HttpRequest, document: Document) -> HttpResponse:
    """The document with its ETag; 304 without it when the program has this very one."""
    response = answer(document, cache="private, no-cache")
    response["ETag"] = etag = etag_of(response.content)
    response["Vary"] = "Authorization"
    return get_conditional_response(request, etag=etag, response=response) or response


def etag_of(content: bytes) -> str:
    """The version of a document, by what it says."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def page(request: HttpRequest, kind: Any, data: list[Any], after: str) -> HttpResponse:
    """One page of a list, with the address of the next, if any, in it and in the Link header."""
    if not after:
        return kept(request, kind(data=data, next=None))
    query = request.GET.copy()
    query["after"] = after
    following = f"{settings.BASE_URL}{request.path}?{query.urlencode()}"
    response = kept(request, kind(data=data, next=following))
    response["Link"] = f'<{following}>; rel="next"'
    return response
