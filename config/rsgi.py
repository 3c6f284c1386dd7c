"""The application that Granian serves: bodies first, then Django on one of a few threads.

Granian's WSGI gives a request a thread as soon as its head is there, and a body may then take for
ever: as many idle connections as threads would stop the product. Its RSGI lets bodies arrive
by the event loop, costs a refresh about the same, and shows headers as they
were sent: WSGI cannot tell ``X_Forwarded_For`` from ``X-Forwarded-For``.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any
from wsgiref.util import FileWrapper

import structlog
from django.conf import settings
from django.http import HttpResponse

from config import wsgi  # first: what follows needs Django set up
from config.bodies import Reader, Refused
from config.middleware import request_id_of
from licensing.api import paths, problems

logger = structlog.get_logger(__name__)

SAME_FOR_ALL = {
    "SCRIPT_NAME": "",
    "wsgi.errors": sys.stderr,
    "wsgi.file_wrapper": FileWrapper,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}


class Application:
    """Django behind Granian. Each thread keeps its connection to the database."""

    def __init__(self) -> None:
        self.bodies = Reader()
        self.waiting: SimpleQueue[Any] = SimpleQueue()  # a pool of futures costs a refresh a tenth

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin in a worker."""
        self.loop = loop
        for _ in range(settings.WEB_THREADS):
            Thread(target=self.work, daemon=True, name="web").start()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Answer one request."""
        headers = headers_of(scope)
        try:
            body = await self.bodies.read(proto, scope.path, headers)
        except Refused as refused:
            refuse(scope, headers, proto, refused)
            return
        answered = self.loop.create_future()
        self.waiting.put((environ_of(scope, headers, body), proto, answered))
        await answered

    def work(self) -> None:
        """Answer requests, one after the other, for as long as the worker lives."""
        while True:
            environ, proto, answered = self.waiting.get()
            try:
                answer(environ, proto)
            except Exception:  # Django answers its own; no other may end the thread
                logger.exception("request_failed", path=environ["PATH_INFO"])
            self.loop.call_soon_threadsafe(answered.set_result, None)


def refuse(scope: Any, headers: Mapping[str, str], proto: Any, refused: Refused) -> None:
    """Say what is wrong with a body. Its rest is not read: the connection ends."""
    request_id = request_id_of(headers.get("x-request-id", ""))
    where = {"path": scope.path, "connected_from": host_of(scope.client)}
    logger.info("body_refused", status=refused.status, request_id=request_id, **where)
    told = refusal(scope.path, headers, refused, request_id)
    told["X-Request-Id"] = request_id
    proto.response_bytes(told.status_code, list(told.items()), told.content)


def refusal(
    path: str, headers: Mapping[str, str], refused: Refused, request_id: str
) -> HttpResponse:
    """A problem document for programs; for people a line of text."""
    if paths.is_for_programs(path):
        language = problems.language_of(headers.get("accept-language", ""))
        return problems.answer_in(language, refused.told, request_id=request_id)
    return HttpResponse(
        f"{refused.told}\n",
        status=refused.status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )


def headers_of(scope: Any) -> dict[str, str]:
    """The request's headers by name; those sent several times joined, as HTTP has it.

    Names with an underscore are left out, as nginx does: to Django they would be those
    with a hyphen, which a proxy writes.
    """
    headers: dict[str, str] = {}
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        joint = "; " if name == "cookie" else ","
        headers[name] = f"{headers[name]}{joint}{value}" if name in headers else value
    return headers


def environ_of(scope: Any, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """The request as WSGI has it. Its body is there, whole, however it was sent."""
    environ: dict[str, Any] = {variable(name): value for name, value in headers.items()}
    name, _, port = scope.server.rpartition(":")
    return (
        environ
        | SAME_FOR_ALL
        | {
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": headers.get("content-type", ""),
            "PATH_INFO": scope.path.encode().decode("latin-1"),
            "QUERY_STRING": scope.query_string,
            "REMOTE_ADDR": host_of(scope.client),
            "REQUEST_METHOD": scope.method,
            "SERVER_NAME": name.strip("[]"),
            "SERVER_PORT": port,
            "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": scope.scheme,
        }
    )


@lru_cache(maxsize=256)
def variable(name: str) -> str:
    """What WSGI calls a header."""
    return "HTTP_" + name.upper().replace("-", "_")


def host_of(client: str) -> str:
    """The address without its port; empty on a Unix socket."""
    return client.rpartition(":")[0].strip("[]")


def answer(environ: dict[str, Any], proto: Any) -> None:
    """Ask the door, or all of Django when it is not for the door."""
    match = wsgi.door.find(environ)
    if match is None:
        ask_django(environ, proto)
        return
    try:
        response = wsgi.door.answer(environ, match)
        proto.response_bytes(response.status_code, list(response.items()), response.content)
    finally:
        wsgi.door.finish()


def ask_django(environ: dict[str, Any], proto: Any) -> None:
    """Ask Django, and hand its answer over: reading it slowly costs no thread either."""
    head: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        head[:] = int(status.partition(" ")[0]), headers

    content: Any = wsgi.application(environ, start_response)  # type: ignore[arg-type]
    try:
        if path := path_of(content):
            proto.response_file(*head, path)
        else:
            proto.response_bytes(*head, b"".join(content))
    finally:
        content.close()


def path_of(content: Iterable[bytes]) -> str | None:
    """Where the file is that an answer consists of; None for what is no file."""
    if not isinstance(content, FileWrapper):
        return None
    stream = content.filelike
    name = getattr(getattr(stream, "file", stream), "name", None)
    return name if isinstance(name, str) and Path(name).is_absolute() else None


application = Application()
