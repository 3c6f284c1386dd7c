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
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from itertools import compress
from operator import not_
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread, current_thread
from typing import Any, NamedTuple
from wsgiref.util import FileWrapper

import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.urls import ResolverMatch

from config import wsgi  # first: what follows needs Django set up
from config.bodies import Reader, Refused
from config.middleware import request_id_of
from licensing import carried, prepared
from licensing.api import paths, problems
from licensing.errors import ServiceUnavailable

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


MOST_AT_ONCE = 32
"""So many hot calls go together at most: they are all answered after the last one's statement."""

LONGEST = 8
"""Seconds that a hot call waits for its answer: a statement ends after five, unless PostgreSQL is
silent, and programs wait for ten."""
NO_ANSWER = Refused(ServiceUnavailable())


class Job(NamedTuple):
    """A request to answer; ``match`` is the view of a hot call."""

    environ: dict[str, Any]
    proto: Any
    answered: asyncio.Future[None]
    match: ResolverMatch | None


class Application:
    """Django behind Granian. Each thread keeps its connection to the database.

    The hot calls that arrive together are carried by one thread (``licensing/carried.py``).
    """

    def __init__(self) -> None:
        self.bodies = Reader()
        self.waiting: SimpleQueue[Job] = SimpleQueue()  # a pool of futures costs a refresh a tenth
        self.hot: SimpleQueue[Job] = SimpleQueue()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin in a worker."""
        self.loop = loop
        self.start_carrier()
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
        environ = environ_of(scope, headers, body)
        job = Job(environ, proto, self.loop.create_future(), wsgi.door.find(environ))
        (self.hot if job.match else self.waiting).put(job)
        try:
            async with asyncio.timeout(LONGEST if job.match else None):
                await job.answered
        except TimeoutError:
            refuse(scope, headers, proto, NO_ANSWER)
            self.replace_silent_carrier()

    def start_carrier(self) -> None:
        """Have a thread carry the hot calls, in place of the one that does."""
        self.carrier = Thread(target=self.carry, daemon=True, name="hot")
        self.carries_since: float | None = None
        self.carrier.start()

    def replace_silent_carrier(self) -> None:
        """Go on with another thread if PostgreSQL answers nothing on this one's connection."""
        if self.carries_since and time.monotonic() - self.carries_since > LONGEST:
            logger.error("hot_calls_silent")
            self.start_carrier()

    def work(self) -> None:
        """Answer requests, one after the other, for as long as the worker lives."""
        while True:
            job = self.waiting.get()
            try:
                answer(job)
            except Exception:  # Django answers its own; no other may end the thread
                logger.exception("request_failed", path=job.environ["PATH_INFO"])
            self.loop.call_soon_threadsafe(tell_answered, [job])

    def carry(self) -> None:
        """Answer the hot calls that wait, all at once, until another thread does.

        Those that need more than that are answered by the threads that answer all others.
        """
        prepared.carry_calls()
        while self.carrier is current_thread():
            jobs = all_that_wait(self.hot)
            self.carries_since = time.monotonic()
            late = carried.carry([partial(ask_door, job) for job in jobs])
            self.loop.call_soon_threadsafe(tell_answered, list(compress(jobs, map(not_, late))))
            for job in compress(jobs, late):
                job.environ["wsgi.input"].seek(0)
                self.waiting.put(job)
            wsgi.door.finish()
            if self.carrier is current_thread():
                self.carries_since = None
        connection.close()


def all_that_wait(queue: SimpleQueue[Job]) -> list[Job]:
    """What is in the queue, but no more than go together well; wait for the first."""
    jobs = [queue.get()]
    with suppress(Empty):
        while len(jobs) < MOST_AT_ONCE:
            jobs.append(queue.get_nowait())
    return jobs


def tell_answered(jobs: Iterable[Job]) -> None:
    """Let Granian know that these are done."""
    for job in jobs:
        if not job.answered.cancelled():
            job.answered.set_result(None)


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


def answer(job: Job) -> None:
    """Ask the door, or all of Django when it is not for the door; nobody when it is too late."""
    if job.match is None:
        ask_django(job.environ, job.proto)
        return
    try:
        ask_door(job)
    finally:
        wsgi.door.finish()


def ask_door(job: Job) -> None:
    """Answer one of the hot calls, unless it was told already that there is no answer."""
    assert job.match
    if job.answered.cancelled():
        return
    response = wsgi.door.answer(job.environ, job.match)
    job.proto.response_bytes(response.status_code, list(response.items()), response.content)


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
