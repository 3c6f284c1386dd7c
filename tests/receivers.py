"""A receiver of webhooks on loopback, which answers as the path of its address says."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

ANSWERS = {
    "/ok": (204, b""),
    "/fails": (500, b"Oh"),
    "/gone": (410, b""),
    "/redirects": (302, b""),
    "/huge": (200, bytes(5_000_000)),
}


class Handler(BaseHTTPRequestHandler):
    """Takes one message."""

    server: Receiver

    def do_POST(self):
        """Read it, and answer."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.take(self.path, dict(self.headers), body)
        with contextlib.suppress(OSError):
            getattr(self, self.path.strip("/"), self.answer)()

    def answer(self):
        """As the path says; what is off fails, until the receiver is back."""
        path = self.path if self.path != "/off" else "/ok" if self.server.is_back else "/fails"
        status, said = ANSWERS[path]
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/ok")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def hangs(self):
        """Say nothing until the test is over."""
        self.server.is_over.wait()

    def trickles(self):
        """Say a little, again and again."""
        self.send_response(200)
        self.end_headers()
        while not self.server.is_over.wait(0.02):
            self.wfile.write(b" ")

    def log_message(self, *_words):
        """Be quiet."""


class Receiver(ThreadingHTTPServer):
    """What came, in its order, as path, headers and body."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.received, self.is_back, self.is_over = [], False, threading.Event()
        self.lets_go_after = None

    def address(self, path="/ok"):
        """Where it takes messages in this way."""
        return f"http://127.0.0.1:{self.server_port}{path}"

    def take(self, *message):
        """Remember a message, and let go of who hangs when so many were well."""
        self.received.append(message)
        if self.counted["/ok"] == self.lets_go_after:
            self.is_over.set()

    @property
    def counted(self):
        """How many messages came to each path."""
        return Counter(path for path, _headers, _body in self.received)


@pytest.fixture
def receiver(settings):
    """A receiver; internal addresses are allowed meanwhile."""
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.is_over.set()
        server.shutdown()
        thread.join()
