"""A server that accepts every connection and never says a word."""

from __future__ import annotations

import socket
import threading

import pytest

SECONDS = 20
"""By then a wait without a limit is told from one that has one, on a busy machine too."""


class SilentServer:
    """Listens at a port of this machine, keeps what connects open, and counts it."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.accepted: list[socket.socket] = []
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self) -> None:
        while True:
            try:
                connection, _address = self.listener.accept()
            except OSError:  # closed
                return
            self.accepted.append(connection)

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()
        for connection in self.accepted:
            connection.close()


@pytest.fixture
def silent_server():
    """A server at ``127.0.0.1:port`` that accepts and is silent; ``accepted`` is who came."""
    server = SilentServer()
    yield server
    server.close()


def within_limit(wait):
    """What comes of a wait for a silent server; fails if it goes on beyond any limit of ours."""
    outcome: list[object] = []

    def run() -> None:
        try:
            outcome.append(wait())
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(SECONDS)
    assert outcome, f"waits for a silent server for more than {SECONDS} s"
    return outcome[0]
