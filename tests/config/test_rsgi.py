"""The web server's own refusals: problem documents for programs, a line for people."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import transaction

from config import rsgi
from config.bodies import Refused, broken_off, too_long
from devstack import processes
from licensing import batches
from licensing.api import parsers, problems
from licensing.api.authentication import token_of
from licensing.errors import ServiceUnavailable
from licensing.models import ClientSession, Seat
from tests.api.desktop import SESSIONS, order
from tests.config.serving import asked, serving
from tests.factories import make_client, make_pool, make_session

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


def closing(session):
    """The request that closes it."""
    token = f"Bearer {token_of(session.pk)}"
    return asked(f"{SESSIONS}/{session.pk}", b"", "DELETE", authorization=token)


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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("death", [ValueError, SystemExit])
def test_a_carrier_that_dies_is_told_and_goes_on(death, monkeypatch, settings):
    monkeypatch.setattr(rsgi, "LONGEST", 0.3)
    key = make_pool(5)
    requests = [asked(SESSIONS, json.dumps(order(key)).encode()) for _ in range(2)]
    deaths, carry = [death], rsgi.carried.carry

    def carry_after_death(calls):
        if deaths:
            raise deaths.pop()
        return carry(calls)

    monkeypatch.setattr(rsgi.carried, "carry", carry_after_death)
    with serving(settings) as ask:
        ask(requests[0])
        monkeypatch.setattr(rsgi, "LONGEST", 20)
        ask(requests[1])

    (status, headers, _), (later, _, _) = (proto.handed for _, proto in requests)
    assert (status, dict(headers)["Retry-After"], later) == (503, "10", 201)
    assert ClientSession.objects.count() == 1


def test_while_every_thread_waits_it_says_that_it_is_alive_and_keeps_nobody(monkeypatch, settings):
    is_over = threading.Event()
    monkeypatch.setattr(rsgi, "LONGEST_PAGE", 0.2)
    monkeypatch.setattr(rsgi, "LONGEST_OF_READY", 0.2)
    monkeypatch.setattr(rsgi, "ask_django", lambda job: is_over.wait(20))
    requests = [asked(path, b"", "GET") for path in ("/profile/", "/readyz", "/healthz")]

    with serving(settings) as ask:
        ask(*requests)
        is_over.set()

    assert [proto.handed[0] for _, proto in requests] == [503, 503, 200]


@pytest.mark.django_db(transaction=True)
def test_what_somebody_has_locked_keeps_no_thread_of_the_long_way(settings):
    """Three closes wait for it, and a fourth is through meanwhile; when it is free, so are they."""
    key = make_pool(5)
    held = [make_session(key, make_client(machine_name=f"PC-{n}")) for n in range(4)]
    closes = [closing(session) for session in held]
    with serving(settings) as ask, ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            list(Seat.objects.select_for_update().filter(session__in=held[:3]))
            asking = thread.submit(ask, *closes)
            assert processes.wait_until(lambda: closes[3][1].handed, seconds=5)
            assert [proto.handed for _, proto in closes[:3]] == [None] * 3
        asking.result(20)

    assert [proto.handed[0] for _, proto in closes] == [204] * 4


@pytest.mark.parametrize("path", [SESSIONS, "/api/v1/nothing"])
@pytest.mark.django_db(transaction=True)
def test_the_connection_ends_whose_body_was_not_read_to_its_end(path, settings):
    requests = [asked(path, b" " * length) for length in (parsers.MOST_BYTES + 1, 9)]

    with serving(settings) as ask:
        ask(*requests)

    told = [dict(proto.handed[1]).get("Connection") for _, proto in requests]
    assert told == ["close", None]
