"""One exchange with a client: a request comes in, a document or a problem goes out.

The views are DRF's, and so described in the OpenAPI document, but desktop software
speaks JSON alone and proves itself by its session's token: content negotiation,
parsers, renderers, authenticators, permissions and throttles would ask each
refresh what is known beforehand, for a fifth of its time.
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.views import APIView

from licensing.api import problems
from licensing.api.parsers import JSON

METHODS = ("get", "head", "post", "delete")


class DocumentView(APIView):
    """Hands Django's request to the method's function, which returns an ``answer``."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The function's answer, or the problem document of what it raised."""
        method = (request.method or "").lower()
        handler = getattr(self, method, None) if method in METHODS else None
        if handler is None:
            return self.refuse_method(request)
        try:
            response: HttpResponse = handler(request, **kwargs)
        except problems.FORESEEN as error:
            note_account(request, getattr(error, "account_id", None))
            return problems.answer_to(error, request)
        return response

    def refuse_method(self, request: HttpRequest) -> HttpResponse:
        """405, with the methods that this address takes."""
        response = problems.respond(request, problems.MethodNotAllowed())
        taken = [method for method in METHODS if hasattr(self, method) and method != "head"]
        response["Allow"] = ", ".join(taken).upper()
        return response


def note_account(request: HttpRequest, account_id: int | None) -> None:
    """Let the log's line of this request tell whose it is, where that came to light on the way."""
    request.account_id = account_id  # type: ignore[attr-defined]


def answer(document: Any, *, status: int = 200, cache: str = "no-store") -> HttpResponse:
    """A document as JSON, times as RFC 3339 in UTC."""
    return HttpResponse(
        msgspec.json.encode(document),
        status=status,
        content_type=JSON,
        headers={"Cache-Control": cache},
    )


def nothing() -> HttpResponse:
    """Done, and nothing to tell."""
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return response
