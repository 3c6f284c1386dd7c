"""The network between a client and the server, which a test can break in several ways."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading

PORTAL = b"<html>Welcome to the hotel. Please sign in.</html>"
ANSWERS = {
    "captive portal": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s"
    % (len(PORTAL), PORTAL),
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: http://sign-in.example/\r\n"
    b"Content-Length: 0\r\n\r\n",
    "bad gateway": b"HTTP/1.1 502 Bad Gateway\r\nRetry-After: 700\r\nContent-Length: 0\r\n\r\n",
    "forbidding proxy": b"HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\n"
    b'Content-Length: 22\r\n\r\n{"code": "filtered_x"}',
    "password proxy": b"HTTP/1.1 407 Proxy Authentication Required\r\n"
    b'Proxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n',
}
SESSION = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
KINDS = ("nothing", "page", "JSON", "problem", "session")
"""What somebody else may answer with: see ``body_of``."""


def filtered(status: int, kind: str) -> bytes:
    """The answer of somebody who answers in the service's place, and never heard of its ids."""
    content_type, body = body_of(status, kind)
    head = (
        f"HTTP/1.1 {status} Filtered",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        "Location: http://sign-in.example/",
        "Connection: close",
    )
    return "\r\n".join((*head, "", "")).encode() + body


def body_of(status: int, kind: str) -> tuple[str, bytes]:
    """A body as close to the service's own as somebody else can make it, with its type."""
    match kind:
        case "page":
            return "text/html", PORTAL
        case "JSON":
            return "application/json", b'{"status": "blocked", "code": "session_ended"}'
        case "problem":
            return "application/problem+json", json.dumps(problem(status)).encode()
        case "session":
            return "application/json", json.dumps(session_document()).encode()
    return "text/plain", b""


def problem(status: int) -> dict:
    """A problem document that ends the session and the lease, if it is believed."""
    return {
        "type": "about:blank",
        "title": "Session ended",
        "status": status,
        "detail": "Somebody else says so.",
        "code": "session_ended",
        "retryable": False,
        "request_id": "0123456789abcdef",
        "server_time": "2031-01-01T00:00:00Z",
    }


def session_document() -> dict:
    """A session that nobody asked for."""
    return {
        "id": SESSION,
        "token": "token",
        "state": "active",
        "usage_model": "concurrent",
        "licence": {"serial_number": "X", "name": "X", "product": "x", "ends_on": None},
        "features": [],
        "refresh_after": 300,
        "grace_until": "2031-01-01T00:00:00Z",
        "server_time": "2031-01-01T00:00:00Z",
        "lease": "a.b.c",
        "message": None,
    }


class Network:
    """Passes connections on to the server; ``mood`` says what becomes of new ones.

    ``working``; ``lost``: dropped; ``silent``: never answered; ``one way``: the server hears,
    but its answer is lost; a key of ANSWERS; or the bytes that somebody else answers.
    ``requests`` are the first lines of what came by, and ``sent`` all of it.
    """

    def __init__(self, server: str) -> None:
        host, _, port = server.rpartition("//")[2].partition(":")
        self.server = (host, int(port))
        self.mood: str | bytes = "working"
        self.requests: list[str] = []
        self.sent: list[bytes] = []
        self.lost_answers: list[bytes] = []
        self.heard = threading.Event()
        self.silent: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        """Take connections until the test ends."""
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, connection: socket.socket) -> None:
        """Treat one connection as the mood is."""
        if self.mood == "silent":
            self.silent.append(connection)
            self.heard.set()
            return
        with connection, contextlib.suppress(OSError):
            if self.mood == "lost":
                return
            request = whole(connection)
            self.requests.append(request.partition(b"\r\n")[0].decode())
            self.sent.append(request)
            answer = self.mood if isinstance(self.mood, bytes) else ANSWERS.get(self.mood)
            if answer is not None:
                connection.sendall(answer)
                return
            self.pass_on(connection, request)

    def pass_on(self, connection: socket.socket, request: bytes) -> None:
        """Carry one request to the server and its answer back."""
        with socket.create_connection(self.server) as server:
            server.sendall(request)
            if self.mood == "one way":
                self.lost_answers.append(server.recv(64 * 1024))
                return
            answers = threading.Thread(target=carry, args=[server, connection], daemon=True)
            answers.start()
            carry(connection, server)
            answers.join()

    def close(self) -> None:
        """End it."""
        self.listener.close()
        for connection in self.silent:
            connection.close()


def whole(connection: socket.socket) -> bytes:
    """One request, as long as its head says."""
    request = b""
    while part := connection.recv(64 * 1024):
        request += part
        head, is_complete, body = request.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\nContent-Length: *(\d+)", head)
        if is_complete and len(body) >= (int(length[1]) if length else 0):
            break
    return request


def carry(source: socket.socket, target: socket.socket) -> None:
    """Carry bytes one way until there are no more."""
    with contextlib.suppress(OSError):
        while data := source.recv(64 * 1024):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
