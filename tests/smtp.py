"""A mail server that answers as a test wants, and keeps what it took."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading

import pytest


class Conversation(socketserver.StreamRequestHandler):
    """One client: each command gets the answer that the server has for it."""

    def handle(self):
        self.say(self.server.answers.get("greeting", "220 ready"))
        while line := self.rfile.readline():
            command = line.split()[0].upper().decode() if line.split() else ""
            answer = self.server.answers.get(command, "250 fine")
            self.say("354 go on" if command == "DATA" else answer)
            if command == "DATA":
                self.take()
            if command == "QUIT":
                return

    def take(self):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        answer = self.server.answers.get("DATA", "250 taken")
        if answer.startswith("250"):
            message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
            self.server.taken.append(message)
        self.say(answer)

    def say(self, answer):
        self.wfile.write(f"{answer}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """``answers`` by command ("RCPT": "550 no"), ``taken`` the messages."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.answers, self.taken = {}, []
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, args=[0.02], daemon=True).start()

    def handle_error(self, request, client_address):
        """A client that hangs up is no error of the test."""


def mailers(port, **options):
    """Settings by which mails go to a server at this port."""
    backend = "django.core.mail.backends.smtp.EmailBackend"
    options = {"host": "127.0.0.1", "port": port, "timeout": 5} | options
    return {"default": {"BACKEND": backend, "OPTIONS": options}}


@pytest.fixture
def mail_server(settings):
    """The product's mail server."""
    server = MailServer()
    settings.MAILERS = mailers(server.port)
    yield server
    server.shutdown()
    server.server_close()
