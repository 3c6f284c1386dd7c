"""The way to the service: proxies, certificates, and addresses that make no sense."""

from __future__ import annotations

import base64
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cloud_licence.answers import Done, NoAnswer, Session
from cloud_licence.transport import Service
from tests.certificates import secured

SESSION = Session("session", "token")


class Seen(BaseHTTPRequestHandler):
    """Notes what it is asked, and answers 204 as the service does."""

    def do_DELETE(self):
        self.server.seen.append((self.path, self.headers.get("Proxy-Authorization")))
        self.send_response(204)
        self.send_header("X-Request-Id", self.headers["X-Request-Id"])
        self.end_headers()

    def do_CONNECT(self):
        self.send_error(self.server.refuses_tunnels_with)

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture
def server():
    """A server that notes what it is asked."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), Seen)
    made.seen = []
    thread = threading.Thread(target=made.serve_forever, args=[0.02])
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def secure_server(server, tmp_path):
    """The same, with a certificate that ``trusted`` names and nobody knows."""
    return secured(server, tmp_path)


def at(server):
    """The server's host and port."""
    return f"127.0.0.1:{server.server_port}"


def test_certificate_that_is_not_trusted_is_no_answer(secure_server):
    service = Service(url=f"https://{at(secure_server)}")

    assert service.close(SESSION) == NoAnswer("certificate")
    assert secure_server.seen == []


def test_certificate_of_the_system_is_trusted(secure_server, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(secure_server.trusted))

    assert Service(url=f"https://{at(secure_server)}").close(SESSION) == Done()


def test_proxy_of_the_policy_is_asked_with_its_password(server):
    service = Service(url="http://licensing.example", proxy=f"http://me:a%40b@{at(server)}")

    assert service.close(SESSION) == Done()
    password = f"Basic {base64.b64encode(b'me:a@b').decode()}"
    assert server.seen == [("http://licensing.example/api/v1/sessions/session", password)]


@pytest.mark.parametrize(
    ("status", "cause"),
    [(407, "proxy_password"), (403, "captive_portal"), (502, "unreachable")],
)
def test_proxy_that_carries_no_connection_is_no_answer(server, status, cause):
    server.refuses_tunnels_with = status
    service = Service(url="https://licensing.example", proxy=f"http://{at(server)}")

    assert service.close(SESSION) == NoAnswer(cause)


def test_proxy_of_the_system_is_asked_unless_the_policy_says_direct(server, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://{at(server)}")
    monkeypatch.setenv("no_proxy", "")

    Service(url="http://licensing.example").close(SESSION)
    Service(url=f"http://{at(server)}", proxy="direct").close(SESSION)

    assert [path for path, _ in server.seen] == [
        "http://licensing.example/api/v1/sessions/session", "/api/v1/sessions/session",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("", ""),
        ("licensing.example", ""),
        ("ftp://licensing.example", ""),
        ("http://licensing.example:port", ""),
        ("http://licensing.example", "socks5://proxy.example"),
    ],
)
def test_address_that_makes_no_sense_is_no_answer(url, proxy):
    assert Service(url=url, proxy=proxy).close(SESSION) == NoAnswer("no_service")


def test_close_that_happened_earlier_says_when(server):
    Service(url=f"http://{at(server)}").close(SESSION, ended_at=1_795_500_000)

    ((path, _),) = server.seen
    assert path == "/api/v1/sessions/session?ended_at=2026-11-24T06%3A00%3A00%2B00%3A00"
