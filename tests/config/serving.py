"""The web server's application, asked as Granian asks it."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from types import SimpleNamespace

from config import rsgi


class Proto:
    """Granian's side of a request, which keeps what it is handed."""

    def __init__(self, body):
        self.body, self.handed = body, None

    async def __call__(self):
        return self.body

    async def __aiter__(self):
        yield self.body

    def response_bytes(self, *answer):
        self.handed = answer


def asked(path, body, method="POST", **more):
    """A request as Granian tells it, and its other side."""
    headers = {"host": "testserver", "content-length": str(len(body)),
               "content-type": "application/json"} | more  # fmt: skip
    scope = SimpleNamespace(
        method=method, path=path, query_string="", http_version="1.1", scheme="http",
        server="127.0.0.1:8000", client="192.0.2.7:5", headers=headers,
    )  # fmt: skip
    return scope, Proto(body)


@contextmanager
def serving(settings, around=lambda application: application):
    """Asks requests at once of an application that begins now, or of what is put around it."""
    settings.WEB_THREADS = 1
    application = around(rsgi.Application())

    async def answer(requests):
        await asyncio.gather(*(application.__rsgi__(*one) for one in requests))

    loop = asyncio.new_event_loop()
    running = threading.Thread(target=loop.run_forever)  # the tests' thread may have a browser's
    running.start()
    application.__rsgi_init__(loop)
    try:
        yield lambda *requests: asyncio.run_coroutine_threadsafe(answer(requests), loop).result(20)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        running.join()
        loop.close()
