"""The application that Granian serves: bodies first, then Django on one of a few threads.

Granian's WSGI gives a request a thread as soon as its head is there, and a body may then take for
ever: as many idle connections as threads would stop the product. Its RSGI lets bodies arrive
by the event loop, costs a refresh about the same, and shows headers as they
were sent: WSGI cannot tell ``X_Forwarded_For`` from ``X-Forwarded-For``.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from itertools import compress
from operator import not_
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple
from wsgiref.util import FileWrapper

import structlog
from django.conf import settings
from django.http import HttpResponse
from django.urls import ResolverMatch

from config import main_process, wsgi  # first: what follows needs Django set up
from config.bodies import Reader, Refused, is_cut_off
from config.middleware import request_id_of
from config.scopes import environ_of, headers_of, host_of
from config.serving import DRAIN
from licensing import carried, many_statements, prepared, readiness
from licensing.api import paths, problems
from licensing.errors import ServiceUnavailable

logger = structlog.get_logger(__name__)

MOST_AT_ONCE = many_statements.MOST
"""So many hot calls go together at most: they are all answered after the last one's statement."""
LONG_WAY_THREADS = 2
AGAIN_SECONDS = 0.1
"""After so long a call is tried again that met what somebody else has locked."""

LONGEST = 8
"""Seconds that a hot call waits for its answer: a statement ends after five, unless PostgreSQL is
silent, and programs wait for ten."""
LONGEST_PAGE = 30
LONGEST_OF_READY = 4
"""Whoever asks whether this process can serve waits for five."""
NO_ANSWER = Refused(ServiceUnavailable())
CLOSES = ("Connection", "close")


class Job(NamedTuple):
    """A request to answer; ``match`` is the view of a hot call.

    ``answered`` says whether there was an answer in time; with one that ``ends`` the connection
    ends too.
    """

    environ: dict[str, Any]
    proto: Any
    answered: asyncio.Future[bool]
    match: ResolverMatch | None
    ends: bool = False

    @property
    def longest(self) -> float:
        """How long it waits for its answer."""
        if self.match:
            return LONGEST
        return LONGEST_OF_READY if self.environ["PATH_INFO"] == "/readyz" else LONGEST_PAGE


class Application:
    """Django behind Granian. Each thread keeps its connection to the database.

    The hot calls that arrive together are carried by one thread (``licensing/carried.py``); what
    needs more than that has threads of its own, for it may wait for what others have locked.
    """

    def __init__(self) -> None:
        self.bodies = Reader()
        self.pages: SimpleQueue[Job] = SimpleQueue()  # a pool of futures costs a refresh a tenth
        self.hot: SimpleQueue[Job] = SimpleQueue()
        self.late: SimpleQueue[Job] = SimpleQueue()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin in a worker."""
        main_process.end_with_it()
        self.loop = loop
        start(self.carry, prepared.carry_calls)
        for _ in range(LONG_WAY_THREADS):
            start(self.take_long_way, prepared.wait_shortly)
        for _ in range(settings.WEB_THREADS):
            start(self.answer_page)

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Answer one request."""
        headers = headers_of(scope)
        try:
            body = await self.bodies.read(proto, scope.path, headers)
        except Refused as refused:
            refuse(scope, headers, proto, refused)
            return
        environ = environ_of(scope, headers, body)
        if health := wsgi.health.find(environ):
            send(proto, wsgi.health.answer(environ, health))
            return
        ends = is_cut_off(body, scope.path) or readiness.draining.is_set()
        job = Job(environ, proto, self.loop.create_future(), wsgi.door.find(environ), ends)
        if not await self.answered(job):
            refuse(scope, headers, proto, NO_ANSWER)

    async def answered(self, job: Job) -> bool:
        """Whether a thread has answered in time. If not, none does any more."""
        (self.hot if job.match else self.pages).put(job)
        timer = self.loop.call_later(job.longest, tell, False, [job])
        try:
            return await job.answered
        finally:
            timer.cancel()

    def answer_page(self) -> None:
        """Answer a request that waits, by all of Django."""
        job = self.pages.get()
        try:
            if not job.answered.done():
                ask_django(job)
        finally:
            self.tell_answered([job])

    def carry(self) -> None:
        """Answer the hot calls that wait, all at once, but for those that need more than that."""
        jobs = all_that_wait(self.hot)
        try:
            late = carried.carry([partial(ask_door, job) for job in jobs])
        finally:
            wsgi.door.finish()
        self.tell_answered(list(compress(jobs, map(not_, late))))
        for job in compress(jobs, late):
            self.late.put(job)

    def take_long_way(self) -> None:
        """Answer a hot call alone; later, where it met what somebody else has locked."""
        job = self.late.get()
        job.environ["wsgi.input"].seek(0)
        try:
            ask_door(job)
        except carried.LongWay:
            again = partial(self.loop.call_later, AGAIN_SECONDS, self.late.put, job)
            self.loop.call_soon_threadsafe(again)
        else:
            self.tell_answered([job])
        finally:
            wsgi.door.finish()

    def tell_answered(self, jobs: Iterable[Job]) -> None:
        """Let the event loop know that these are done."""
        self.loop.call_soon_threadsafe(tell, True, jobs)


def start(act: Callable[[], None], begin: Callable[[], None] = lambda: None) -> None:
    """Start a thread that begins so and then acts, time and again, for as long as the worker lives.

    Whatever comes of it: those who wait for an answer that was lost so are told in time.
    """

    def work() -> None:
        begin()
        while True:
            try:
                act()
            except BaseException:  # Django answers its own; no other may end the thread
                logger.exception("request_failed")

    Thread(target=work, daemon=True, name=act.__name__).start()


def all_that_wait(queue: SimpleQueue[Job]) -> list[Job]:
    """What is in the queue, but no more than go together well; wait for the first."""
    jobs = [queue.get()]
    with suppress(Empty):
        while len(jobs) < MOST_AT_ONCE:
            jobs.append(queue.get_nowait())
    return jobs


def tell(is_answered: bool, jobs: Iterable[Job]) -> None:
    """Let those who wait for these go on."""
    for job in jobs:
        if not job.answered.done():
            job.answered.set_result(is_answered)


def refuse(scope: Any, headers: Mapping[str, str], proto: Any, refused: Refused) -> None:
    """Say what is wrong with a body, or that no answer comes. The connection ends."""
    request_id = request_id_of(headers.get("x-request-id", ""))
    where = {"route": paths.route_of(scope.path), "connected_from": host_of(scope.client)}
    if refused is NO_ANSWER:
        logger.warning("not_answered", request_id=request_id, **where)
    else:
        logger.info("body_refused", status=refused.status, request_id=request_id, **where)
    told = refusal(scope.path, headers, refused, request_id)
    told["X-Request-Id"] = request_id
    send(proto, told, ends=True)


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


def send(proto: Any, response: HttpResponse, *, ends: bool = False) -> None:
    """Hand an answer over. ``ends`` says that the connection ends with it."""
    headers = list(response.items())
    proto.response_bytes(
        response.status_code, [*headers, CLOSES] if ends else headers, response.content
    )


def ask_door(job: Job) -> None:
    """Answer one of the hot calls, unless it was told already that there is no answer."""
    assert job.match
    if not job.answered.done():
        response = wsgi.door.answer(job.environ, job.match)
        send(job.proto, response, ends=job.ends)


def ask_django(job: Job) -> None:
    """Ask Django, and hand its answer over: reading it slowly costs no thread either."""
    head: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        told = [*headers, CLOSES] if job.ends else headers
        head[:] = int(status.partition(" ")[0]), told

    content: Any = wsgi.application(job.environ, start_response)  # type: ignore[arg-type]
    try:
        if path := path_of(content):
            job.proto.response_file(*head, path)
        else:
            job.proto.response_bytes(*head, b"".join(content))
    finally:
        content.close()


def path_of(content: Iterable[bytes]) -> str | None:
    """Where the file is that an answer consists of; None for what is no file."""
    if not isinstance(content, FileWrapper):
        return None
    stream = content.filelike
    name = getattr(getattr(stream, "file", stream), "name", None)
    return name if isinstance(name, str) and Path(name).is_absolute() else None


def drain(*_: Any) -> None:
    """Tell from now on that this server stops soon."""
    readiness.draining.set()


def served() -> Any:
    """The application, or one around it that counts its answers where monitoring wants them."""
    if not settings.METRICS:
        return Application()
    from config.counted import Counted

    return Counted(Application())


application = served()
signal.signal(DRAIN, drain)
