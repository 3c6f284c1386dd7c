"""The service of the first round, as it was recorded, for clients of today to meet.

It answers what the service answered to the same request in the same scene. It repeats the
request's ``X-Request-Id``, and refuses fields that it does not know; a request of a kind that
was never recorded fails the test, for nobody knows what the service would have said.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FILE = Path(__file__).parent / "first_round" / "exchanges.json"
RECORDED = json.loads(FILE.read_text(encoding="utf-8"))
VERBS = [
    ("check-out", re.compile("POST /api/v1/sessions")),
    ("refresh", re.compile("POST /api/v1/sessions/[^/]+/refresh")),
    ("move", re.compile("DELETE /api/v1/sessions/[^/]+/device")),
    ("close", re.compile("DELETE /api/v1/sessions/[^/?]+")),
    ("late close", re.compile(r"DELETE /api/v1/sessions/[^/?]+\?ended_at=[^&]+")),
    ("keys", re.compile("GET /.well-known/jwks.json")),
    ("health", re.compile("GET /healthz")),
]
KNOWN = {
    "check-out": {
        "serial_number", "product_key", "machine_name", "username", "version", "product",
        "os_session", "features",
    },
    "refresh": {"version", "idle_seconds"},
}  # fmt: skip
"""The fields that the service took."""


def kind_of(method, path, authorization, body):
    """What is alike in two requests that the service answers alike."""
    verb = next((verb for verb, shape in VERBS if shape.fullmatch(f"{method} {path}")), path)
    unknown = sorted(set(body or {}) - KNOWN.get(verb, set()))
    return verb, authorization.partition(" ")[0], *unknown


class Answering(BaseHTTPRequestHandler):
    """Looks up what was recorded."""

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        proof = self.headers.get("Authorization", "")
        response = self.server.service.said_to(kind_of(self.command, self.path, proof, body))
        request_id = self.headers.get("X-Request-Id") or secrets.token_hex(16)
        text = response["body"].replace("{request_id}", request_id).encode()
        self.send_response_only(response["status"])
        for name, value in response["headers"].items():
            self.send_header(name, value.replace("{request_id}", request_id))
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815, the names that http.server calls

    def log_message(self, *arguments):
        """Say nothing."""


class FirstService:
    """A server in one recorded scene at a time; ``asked`` is what it was asked, by kind."""

    def __init__(self) -> None:
        self.asked = []
        self.never_recorded = []
        self.scene = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.server.service = self
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=[0.01])
        self.thread.start()

    def set_scene(self, name):
        """What happens from now on; return the scene's serial number."""
        recorded = RECORDED["scenes"][name]
        self.scene = {}
        for exchange in recorded["exchanges"]:
            request = exchange["request"]
            proof = request.get("authorization", "")
            kind = kind_of(request["method"], request["path"], proof, request.get("body"))
            self.scene.setdefault(kind, []).append(exchange["response"])
        return recorded["serial_number"]

    def said_to(self, kind):
        """The next answer to such a request; the last is given again and again."""
        self.asked.append(kind)
        if kind not in self.scene:
            self.never_recorded.append(kind)
            return {"status": 500, "headers": {}, "body": ""}
        answers = self.scene[kind]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def close(self):
        """End it."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
