"""The real server, by the demo's own options: slow, long, broken and forged requests."""

import json
import os
import re
import select
import socket
import sys
from contextlib import ExitStack

import pytest
from django.core.cache import cache

from devstack import demo, ports, processes
from tests.api.desktop import order
from tests.devstack import shell
from tests.factories import make_pool

pytestmark = pytest.mark.slow

SLOW = 100
WRONG_KEY = {
    "serial_number": "mistyped",
    "product_key": "A" * 30,
    "machine_name": "CAD-1",
    "username": "guesser",
    "version": "19.0",
}
HEAD = "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{more}\r\n"


@pytest.fixture(scope="module")
def port(django_db_setup):
    """Where the server answers, as the demo runs it, on the tests' own database."""
    chosen = ports.free()
    env = os.environ | {
        "DATABASE_URL": shell.tests_database(),
        "TRUSTED_PROXY_COUNT": "1",
    }
    web = processes.spawn([sys.executable, "-m", "granian", *demo.web_options(chosen)], env=env)
    try:
        assert processes.wait_until(lambda: demo.readiness(chosen) == "200", seconds=60)
        yield chosen
    finally:
        processes.stop(web)


def connect(port):
    """A connection to the server that gives up after a while."""
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def head(path="/api/v1/sessions", **headers):
    """The first part of a request, up to its body."""
    more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return HEAD.format(path=path, more=more).encode()


def answer(port, sent):
    """Everything that the server answers before it hangs up."""
    with connect(port) as line:
        line.sendall(sent)
        return b"".join(iter(lambda: line.recv(65536), b"")).decode()


def status(text):
    """The status of each answer in what a server sent."""
    return [int(found) for found in re.findall(r"^HTTP/1\.1 (\d+)", text, re.MULTILINE)]


def request(method="GET", path="/healthz", body="", **headers):
    """A whole request, after which the server hangs up."""
    headers |= {"Connection": "close", "Content-Length": len(body)}
    return head(path, **headers).replace(b"POST", method.encode(), 1) + body.encode()


def wrong_key(**headers):
    """A check-out that the brake counts under the address that asked."""
    body = json.dumps(WRONG_KEY)
    return request("POST", "/api/v1/sessions", body, **headers)


def counted():
    """The addresses under which wrong keys are counted."""
    return {key.rpartition("address:")[2] for key in cache.keys("wrong-keys:address:*")}


@pytest.mark.django_db(transaction=True)
def test_a_hundred_slow_bodies_hold_up_nobody(port):
    key = make_pool(1)
    with ExitStack() as slow:
        lines = [slow.enter_context(connect(port)) for _ in range(SLOW)]
        for line in lines:
            line.sendall(head(**{"Content-Length": 100}) + b"{")

        answers = [
            status(answer(port, sent))
            for sent in (
                request(),
                request("POST", "/api/v1/sessions", json.dumps(order(key))),
                request(path="/accounts/login/"),
            )
        ]
        waiting_no_more = select.select(lines, [], [], 0)[0]

    assert answers == [[200], [201], [200]]
    assert waiting_no_more == []


@pytest.mark.parametrize("path", ["/accounts/login/", "/admin/login/", "/requests/new/"])
def test_a_page_refuses_a_long_body_before_it_is_sent(port, path):
    assert status(answer(port, head(path, **{"Content-Length": 157_000_000}))) == [413]


@pytest.mark.parametrize(
    "length", [{"Content-Length": 5_000_000}, {"Transfer-Encoding": "chunked"}]
)
def test_the_api_reads_no_more_than_it_takes(port, length):
    chunk = b"4001\r\n" if "Transfer-Encoding" in length else b""

    text = answer(port, head(**length) + chunk + b" " * 16_385)

    assert (status(text), '"code":"request_invalid"' in text) == ([400], True)
    assert "\nconnection: close\r\n" in text.lower()


def test_a_body_may_come_in_chunks(port):
    text = answer(port, head(**{"Transfer-Encoding": "chunked", "Connection": "close"})
                  + b"1\r\n[\r\n1\r\n]\r\n0\r\n\r\n")  # fmt: skip

    assert "Send a JSON object." in text


@pytest.mark.parametrize(
    "sent",
    [
        {"X-Forwarded-For": "203.0.113.7", "X_Forwarded_For": "6.6.6.6"},
        {"X_Forwarded_For": "6.6.6.6", "X-Forwarded-For": "203.0.113.7"},
        {"X-Forwarded_For": "6.6.6.6", "X-Forwarded-For": "203.0.113.7"},
        {"X-Forwarded-For": "6.6.6.6\r\nX-Forwarded-For: 203.0.113.7"},
    ],
)
@pytest.mark.django_db(transaction=True)
def test_a_forged_header_does_not_override_the_proxys(port, sent):
    assert status(answer(port, wrong_key(**sent))) == [403]

    assert counted() == {"203.0.113.7"}


def test_nor_does_one_alone_count(port):
    answer(port, wrong_key(X_Forwarded_For="6.6.6.6"))

    assert counted() == {"127.0.0.1"}


SMUGGLED = b"1\r\n[\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "lengths",
    [
        "Content-Length: 3\r\nContent-Length: 5",
        "Content-Length: 3, 3",
        "Content-Length: +3",
        "Content-Length : 3",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 3",
        "Content-Length: 3\r\nTransfer-Encoding: chunked",
    ],
)
def test_doubtful_lengths_smuggle_no_second_request(port, lengths):
    text = answer(port, HEAD.format(path="/api/v1/sessions", more=f"{lengths}\r\n").encode()
                  + SMUGGLED)  # fmt: skip

    assert status(text) == [400]


def test_an_address_may_hold_any_letters(port):
    assert status(answer(port, request(path="/%E2%82%AC/%FF%00"))) == [404]


@pytest.mark.parametrize(("method", "has_body"), [("GET", True), ("HEAD", False)])
def test_a_file_is_sent(port, method, has_body):
    text = answer(port, request(method, "/static/styles/ground.css"))

    length = int(re.search(r"(?i)content-length: (\d+)", text)[1])
    assert (status(text), length > 1000) == ([200], True)
    assert len(text.partition("\r\n\r\n")[2].encode()) == length * has_body
