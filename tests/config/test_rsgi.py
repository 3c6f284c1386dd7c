"""The web server's own refusals: problem documents for programs, a line for people."""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from config import rsgi
from config.bodies import Refused, broken_off, too_long
from licensing import batches
from licensing.api import problems
from licensing.errors import ServiceUnavailable
from licensing.models import ClientSession
from tests.api.desktop import SESSIONS, order
from tests.factories import make_pool, make_session

REQUEST_ID = "0123456789abcdef"
REFUSED = {
    400: broken_off(),
    408: Refused(problems.RequestTooSlow()),
    411: Refused(problems.LengthRequired()),
    413: too_long(),
    503: Refused(ServiceUnavailable()),
}


def answer(refused, path, **headers):
    """The status, headers and body that are handed to Granian."""
    handed = []
    proto = SimpleNamespace(response_bytes=lambda *answer: handed.extend(answer))
    scope = SimpleNamespace(path=path, client="127.0.0.1:5")
    rsgi.refuse(scope, {"x-request-id": REQUEST_ID} | headers, proto, refused)
    status, pairs, body = handed
    return status, {name.lower(): value for name, value in pairs}, body


@pytest.mark.parametrize("path", ["/api/v1/sessions", "//api/v1/sessions", "/api"])
@pytest.mark.parametrize("expected", REFUSED)
def test_a_program_gets_a_problem_document(expected, path):
    status, headers, body = answer(REFUSED[expected], path)

    problem = json.loads(body)
    assert (status, problem["status"], headers["content-type"]) == (
        expected, expected, "application/problem+json",
    )  # fmt: skip
    assert (headers["x-request-id"], problem["request_id"]) == (REQUEST_ID, REQUEST_ID)
    assert problem["server_time"]


def test_it_is_in_the_language_asked_for():
    _, headers, body = answer(REFUSED[408], "/api/v1/sessions", **{"accept-language": "de-CH"})

    assert headers["content-language"] == "de"
    assert json.loads(body)["detail"].startswith("Die Anfrage kam zu langsam an.")


def test_somebody_who_reads_pages_gets_a_line():
    status, headers, body = answer(REFUSED[413], "/profile/")

    assert (status, headers["content-type"]) == (413, "text/plain; charset=utf-8")
    assert body == b"The request is larger than anything that is taken here.\n"
    assert headers["x-request-id"] == REQUEST_ID


class Proto:
    """Granian's side of a request, which keeps what it is handed."""

    def __init__(self, body):
        self.body, self.handed = body, None

    async def __call__(self):
        return self.body

    def response_bytes(self, *answer):
        self.handed = answer


def asked(path, body):
    """A request as Granian tells it, and its other side."""
    headers = {"host": "testserver", "content-length": str(len(body)),
               "content-type": "application/json"}  # fmt: skip
    scope = SimpleNamespace(
        method="POST", path=path, query_string="", http_version="1.1", scheme="http",
        server="127.0.0.1:8000", client="192.0.2.7:5", headers=headers,
    )  # fmt: skip
    return scope, Proto(body)


@pytest.mark.django_db(transaction=True)
def test_calls_that_arrive_together_are_carried_and_the_rest_takes_the_long_way(settings):
    key, full = make_pool(5), make_pool(1)
    make_session(full)
    requests = [asked(SESSIONS, json.dumps(order(one)).encode()) for one in (key, full, key)]
    before = batches.SEATS.counted.statements

    with serving(settings) as ask:
        ask(*requests)

    assert [proto.handed[0] for _, proto in requests] == [201, 409, 201]
    assert batches.SEATS.counted.statements > before


@contextmanager
def serving(settings):
    """Asks requests at once of an application that begins now."""
    settings.WEB_THREADS = 1
    application = rsgi.Application()

    async def answer(requests):
        await asyncio.gather(*(application.__rsgi__(*one) for one in requests))

    with asyncio.Runner() as runner:
        application.__rsgi_init__(runner.get_loop())
        yield lambda *requests: runner.run(asyncio.wait_for(answer(requests), 20))


@pytest.mark.django_db(transaction=True)
def test_a_silent_connection_is_told_and_another_thread_goes_on(monkeypatch, settings):
    monkeypatch.setattr(rsgi, "LONGEST", 0.3)
    key = make_pool(5)
    requests = [asked(SESSIONS, json.dumps(order(key)).encode()) for _ in range(2)]
    is_over, silent, carry = threading.Event(), [], rsgi.carried.carry

    def carry_after_silence(calls):
        if not silent:
            silent.append(threading.current_thread())
            is_over.wait(20)
        return carry(calls)

    monkeypatch.setattr(rsgi.carried, "carry", carry_after_silence)
    with serving(settings) as ask:
        ask(requests[0])
        monkeypatch.setattr(rsgi, "LONGEST", 20)
        ask(requests[1])
        is_over.set()
        silent[0].join(10)

    (status, headers, _), (later, _, _) = (proto.handed for _, proto in requests)
    assert (status, dict(headers)["Retry-After"], later) == (503, "10", 201)
    assert ClientSession.objects.count() == 1
