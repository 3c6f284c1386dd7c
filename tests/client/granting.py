"""A service that grants whatever is asked, at once: for who counts milliseconds and leaks."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.client.network import session_document


class Grants:
    """Answers on a port of its own while it is used."""

    def __init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Grants:
        threading.Thread(target=self.server.serve_forever, args=[0.05], daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class Answer(BaseHTTPRequestHandler):
    """A grant to a check-out, done to a close, no keys."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(201, session_document())

    def do_GET(self) -> None:
        self.answer(200, {"keys": []})

    def do_DELETE(self) -> None:
        self.answer(204, None)

    def answer(self, status: int, document: dict | None) -> None:
        """Say it as the service does."""
        body = b"" if document is None else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("X-Request-Id", self.headers["X-Request-Id"])
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""
