"""A server that answers as nobody should, until whoever asks hangs up."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import socketserver
import threading

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BOMB = gzip.compress(bytes(20_000_000))
PACKED = OK + b"Content-Encoding: gzip\r\n\r\n"
PACE = threading.Event()
"""Never set: waiting for it is the pause between two bytes."""


def drip(text):
    """One byte after the other, for ever."""
    for byte in itertools.cycle(text):
        yield bytes([byte])
        PACE.wait(0.02)


ANSWERS = {
    "/plain": lambda: [OK, b"\r\n<a/>"],
    "/packed": lambda: [PACKED, gzip.compress(b"<a/>")],
    "/endless": lambda: itertools.chain([OK + b"\r\n"], itertools.repeat(bytes(65_536))),
    "/chunks": lambda: itertools.chain(
        [OK + b"Transfer-Encoding: chunked\r\n\r\n"],
        itertools.repeat(b"1000\r\n" + bytes(4096) + b"\r\n"),
    ),
    "/bomb": lambda: [PACKED, BOMB],
    "/bomb-in-bomb": lambda: [
        OK + b"Content-Encoding: gzip, gzip\r\n\r\n",
        gzip.compress(BOMB),
    ],
    "/not-packed": lambda: [PACKED, b"<a/>"],
    "/slow": lambda: itertools.chain([OK + b"\r\n"], drip(b" ")),
    "/slow-head": lambda: itertools.chain([OK + b"X-Slow: "], drip(b"a")),
    "/many-heads": lambda: itertools.chain([OK], itertools.repeat(b"X-Head: a\r\n")),
    "/redirect": lambda: itertools.chain(
        [b"HTTP/1.1 302 Found\r\nLocation: /plain\r\n\r\n"], itertools.repeat(bytes(65_536))
    ),
    "/hangs-up": list,
    "/short": lambda: [OK + b"Content-Length: 9\r\n\r\n<a/>"],
    "/missing": lambda: [b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"],
    "/broken": lambda: [b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"],
    "/deep": lambda: [OK, b"\r\n" + b"[" * 100_000],
    "/list": lambda: [OK, b"\r\n[]"],
    "/empty": lambda: [OK, b"\r\n{}"],
    "/no-json": lambda: [OK, b"\r\n<!doctype html>"],
}


class Handler(socketserver.StreamRequestHandler):
    """Answers one request as its path says, whatever stands below that; else it is silent."""

    def handle(self):
        """Read one line, and answer."""
        words = self.rfile.readline(65_536).split(b" ")
        path = "/" + words[1].decode().split("/")[1] if words[0] in (b"GET", b"POST") else ""
        with contextlib.suppress(OSError):
            for part in ANSWERS[path]() if path in ANSWERS else ():
                self.wfile.write(part)
            if path not in ANSWERS:
                self.rfile.read()


class Server(socketserver.ThreadingTCPServer):
    """One thread for each who asks."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


@contextlib.contextmanager
def run():
    """Its address."""
    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
