"""The network between a client and the server, which a test can break in several ways."""

from __future__ import annotations

import contextlib
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
}


class Network:
    """Passes connections on to the server; ``mood`` says what becomes of new ones.

    ``working``; ``lost``: dropped; ``silent``: never answered; or a key of ANSWERS.
    ``requests`` are the first lines of what came by.
    """

    def __init__(self, server: str) -> None:
        host, _, port = server.rpartition("//")[2].partition(":")
        self.server = (host, int(port))
        self.mood = "working"
        self.requests: list[str] = []
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
            return
        with connection, contextlib.suppress(OSError):
            if self.mood == "lost":
                return
            request = connection.recv(64 * 1024)
            self.requests.append(request.partition(b"\r\n")[0].decode())
            if self.mood in ANSWERS:
                connection.sendall(ANSWERS[self.mood])
                return
            self.pass_on(connection, request)

    def pass_on(self, connection: socket.socket, request: bytes) -> None:
        """Carry one request to the server and its answer back."""
        with socket.create_connection(self.server) as server:
            server.sendall(request)
            answers = threading.Thread(target=carry, args=[server, connection], daemon=True)
            answers.start()
            carry(connection, server)
            answers.join()

    def close(self) -> None:
        """End it."""
        self.listener.close()
        for connection in self.silent:
            connection.close()


def carry(source: socket.socket, target: socket.socket) -> None:
    """Carry bytes one way until there are no more."""
    with contextlib.suppress(OSError):
        while data := source.recv(64 * 1024):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
