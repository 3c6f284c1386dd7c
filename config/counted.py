"""The application of ``config/rsgi.py`` with each of its answers counted, by call and status."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from time import perf_counter
from typing import Any

import msgspec

from config import door, metrics

HOT = [
    (method, door.pattern_of(path), name)
    for (method, path), name in zip(door.HOT, ("refresh", "check_out", "close"), strict=True)
]
OTHERS = {
    "/api/v1/account/": "customer_api",
    "/api/v1/vendor/": "vendor_api",
    "/api/v1/": "client_api",
    "/support/": "console",
    "/admin/": "admin",
    "/static/": "static_files",
    "/healthz": "health",
    "/readyz": "health",
    "/metrics": "metrics",
}
"""What is asked at addresses that begin so; all else are pages."""


class Refusal(msgspec.Struct):
    """What is read of a problem document."""

    code: str


class Told:
    """Granian's side of a request, which remembers what it was handed."""

    __slots__ = ("body", "proto", "status")

    def __init__(self, proto: Any) -> None:
        self.proto, self.status, self.body = proto, 0, b""

    async def __call__(self) -> bytes:
        body: bytes = await self.proto()
        return body

    def __aiter__(self) -> AsyncIterator[bytes]:
        chunks: AsyncIterator[bytes] = self.proto.__aiter__()
        return chunks

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Hand an answer over."""
        self.status, self.body = status, body
        self.proto.response_bytes(status, headers, body)

    def response_file(self, status: int, headers: list[tuple[str, str]], path: str) -> None:
        """Hand a file over."""
        self.status = status
        self.proto.response_file(status, headers, path)


class Counted:
    """Asks the application, and counts."""

    def __init__(self, application: Any) -> None:
        self.application = application

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin in a worker."""
        self.application.__rsgi_init__(loop)
        metrics.serve()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Answer one request."""
        began = perf_counter()
        told = Told(proto)
        await self.application.__rsgi__(scope, told)
        count(call_of(scope.method, scope.path), told, perf_counter() - began)


def call_of(method: str, path: str) -> str:
    """What is asked for, as figures call it: one of few."""
    for of_hot, pattern, name in HOT:
        if method == of_hot and pattern.fullmatch(path):
            return name
    return next((name for start, name in OTHERS.items() if path.startswith(start)), "pages")


def count(call: str, told: Told, took: float) -> None:
    """Count an answer, and why a program was refused."""
    metrics.of_requests(call, str(told.status)).observe(took)
    if told.status >= 400 and told.body.startswith(b'{"type":"'):
        refusal = msgspec.json.decode(told.body, type=Refusal)
        metrics.of_refusals(call, refusal.code).inc()
