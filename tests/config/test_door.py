"""The door answers as all of Django does, byte by byte; takes its three calls, and no other."""

from __future__ import annotations

import json
import logging
import re
import time
from concurrent.futures import Future
from types import SimpleNamespace
from unittest.mock import Mock
from uuid import UUID

import pytest
from django.core import signals
from django.core.exceptions import BadRequest, DisallowedHost, SuspiciousOperation
from django.core.handlers.wsgi import WSGIHandler
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import Http404
from django.test import Client

from config import rsgi, wsgi
from config.door import HOT, Door
from config.scopes import environ_of, headers_of
from licensing import sessions
from licensing.api import brake, problems
from licensing.api.views import RefreshView, SessionsView, SessionView
from tests.api.desktop import SESSIONS, basic, bearer, open_session, order
from tests.factories import make_pool

JSON = {"content-type": "application/json"}
ANY_ID = UUID("0199f000-0000-7000-8000-000000000000")
SENT_ID = {"x-request-id": "0123456789abcdef"}
VIEWS = {"check_out": (SessionsView, "post"), "refresh": (RefreshView, "post"),
         "close": (SessionView, "delete")}  # fmt: skip
ERRORS = [
    *problems.STATUS, OperationalError, InterfaceError, ZeroDivisionError, Http404,
    SuspiciousOperation, DisallowedHost, BadRequest,
]  # fmt: skip
DIFFERS = re.compile(
    rb"[0-9a-f]{32}(:[\w-]{43})?|[0-9a-f-]{36}|\d{4}-\d\d-\d\dT[\d:.]+Z|eyJ[\w-]+\.[\w-]+\.[\w-]+"
)
"""Ids and tokens, times and leases: what two answers to the same request do not share."""


def scope(method, path, headers, query="", **changes):
    """A request as Granian tells it."""
    return SimpleNamespace(
        **{"method": method, "path": path, "query_string": query, "http_version": "1.1",
           "scheme": "http", "server": "127.0.0.1:8000", "client": "192.0.2.7:5",
           "headers": {"host": "testserver"} | headers} | changes,
    )  # fmt: skip


def ask(asked, body=b""):
    """The status, headers and body that Granian is handed."""
    handed = []
    proto = SimpleNamespace(response_bytes=lambda *answer: handed.extend(answer))
    environ = environ_of(asked, headers_of(asked), body)
    job = rsgi.Job(environ, proto, Future(), wsgi.door.find(environ))
    if job.match:
        rsgi.ask_door(job)
        wsgi.door.finish()
    else:
        rsgi.ask_django(job)
    return handed


def both(monkeypatch, caplog, asked, body=b""):
    """What the door and all of Django do with the same rows: answer and log lines of each."""
    by_door = watched(caplog, asked, body)
    with monkeypatch.context() as patch:
        patch.setattr(wsgi.door, "find", lambda environ: None)
        return by_door, watched(caplog, asked, body)


def watched(caplog, asked, body):
    """The answer, without what differs each time, and what was logged; rows stay as they were."""
    caplog.clear()
    with transaction.atomic():
        status, headers, content = ask(asked, body)
        transaction.set_rollback(True)
    headers = [(name, same(value.encode())) for name, value in headers]
    return status, headers, same(content), lines(caplog)


def same(content):
    """The content without what differs each time; how long it is stays."""
    return DIFFERS.sub(lambda found: b"x" * len(found[0]), content)


def lines(caplog):
    """What was logged, and where."""
    return [
        (record.name, record.levelname, same(record.getMessage().encode()), bool(record.exc_info))
        for record in caplog.records
    ]


@pytest.fixture
def stays_open(monkeypatch):
    """The test's connection, which is in a transaction and so would be closed after a request."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda self: None)


@pytest.fixture
def compared(monkeypatch, caplog):
    """Asks the door and all of Django, finds no difference, and returns the status."""
    caplog.set_level(logging.INFO)

    def compare(asked, body=b""):
        assert wsgi.door.find(environ_of(asked, asked.headers, body))
        by_door, by_django = both(monkeypatch, caplog, asked, body)
        assert by_door == by_django
        return by_door[0]

    return compare


@pytest.fixture
def opened(client, pool):
    """A session that was just opened."""
    return open_session(client, pool)


@pytest.fixture
def calls(stays_open, pool, opened):
    """The three calls, as a program sends them that gets what it wants: request and body."""
    token = {"authorization": bearer(opened)["Authorization"]}
    address = f"{SESSIONS}/{opened['id']}"
    return {
        "check_out": (scope("POST", SESSIONS, JSON), json.dumps(order(pool)).encode()),
        "refresh": (scope("POST", f"{address}/refresh", token), b""),
        "close": (scope("DELETE", address, token), b""),
    }


@pytest.mark.django_db
def test_the_three_calls_never_reach_djangos_handler(monkeypatch, calls):
    monkeypatch.setattr(wsgi, "application", None)

    assert [ask(*call)[0] for call in calls.values()] == [201, 200, 204]


@pytest.mark.django_db
@pytest.mark.usefixtures("stays_open")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", SESSIONS), ("HEAD", SESSIONS), ("OPTIONS", SESSIONS), ("post", SESSIONS),
        ("PUT", f"{SESSIONS}/{ANY_ID}"), ("POST", f"{SESSIONS}/{ANY_ID}"),
        ("DELETE", SESSIONS), ("DELETE", f"{SESSIONS}/{ANY_ID}/device"),
        ("DELETE", f"{SESSIONS}/{ANY_ID}/refresh"), ("GET", f"{SESSIONS}/{ANY_ID}/refresh"),
        ("POST", f"{SESSIONS}/"), ("POST", f"/{SESSIONS}"), ("POST", "/api/v1//sessions"),
        ("POST", f"{SESSIONS}/{ANY_ID}/refresh/"), ("POST", f"{SESSIONS}/{ANY_ID}\n/refresh"),
        ("POST", f"{SESSIONS}\n"), ("POST", "/API/v1/sessions"), ("POST", "/"),
        ("DELETE", f"{SESSIONS}/{ANY_ID.hex}"), ("DELETE", f"{SESSIONS}/€"),
        ("POST", f"{SESSIONS}/0199/refresh"), ("POST", "/healthz"),
    ],
)  # fmt: skip
def test_whatever_is_like_them_does(method, path):
    asked = scope(method, path, SENT_ID)

    assert wsgi.door.find(environ_of(asked, asked.headers, b"")) is None
    assert dict(ask(asked)[1])["X-Request-Id"] == SENT_ID["x-request-id"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_whether_a_process_is_alive_is_told_as_django_tells_it(method, monkeypatch):
    def told(headers):
        asked = scope(method, "/healthz", headers)
        environ = environ_of(asked, headers_of(asked), b"")
        by_door = wsgi.health.answer(environ, wsgi.health.find(environ))
        status, pairs, content = ask(asked)
        return (by_door.status_code, list(by_door.items()), by_door.content), (
            status, pairs, content,
        )  # fmt: skip

    for headers in (SENT_ID, SENT_ID | {"accept": "text/html"}, SENT_ID | {"host": "no host"}):
        by_door, by_django = told(headers)
        assert by_door == by_django


HEADERS = [
    {}, SENT_ID, {"x-request-id": "short"}, {"x-request-id": "with space 0123"},
    {"x_request_id": "0123456789abcdef"}, {"accept": "text/html"}, {"accept": "text/xml;q=1"},
    {"accept-language": "de"}, {"accept-encoding": "gzip, br"}, {"cookie": "sessionid=x; a=b"},
    {"origin": "https://elsewhere.example"}, {"user-agent": "ü\0"}, {"x-forwarded-for": "6.6.6.6"},
    {"x-http-method-override": "GET"}, {"host": "elsewhere.example"}, {"host": "no host"},
    {"content-type": ""}, {"content-type": "text/plain"}, {"content-type": "multipart/form-data"},
    {"content-type": "application/json; charset=utf-16"}, {"content-type": "Application/JSON"},
    {"authorization": ""}, {"authorization": "Bearer forged:x"}, {"authorization": "Basic x"},
    {"if-none-match": "*"}, {"expect": "100-continue"}, {"x-forwarded-proto": "https"},
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("call", VIEWS)
def test_the_answers_are_djangos_whatever_headers_come(compared, calls, call):
    asked, body = calls[call]

    for headers in HEADERS:
        for query in ("", "ended_at=x", "x=%FF&ended_at=2026-11-24T14:05:00Z"):
            compared(scope(asked.method, asked.path, asked.headers | headers, query), body)


@pytest.mark.django_db
def test_whatever_body_comes(compared, calls):
    asked, good = calls["check_out"]
    bodies = [b"", b"null", b"{", b"[]", b"{}", b"\xff", b"[" * 501, b" " * 16_385, good[:-1],
              good.replace(b"version", b"varsion"), b"\xef\xbb\xbf" + good]  # fmt: skip

    assert [compared(asked, body) for body in bodies] == [400] * 10 + [201]
    assert [compared(calls["refresh"][0], body) for body in bodies[2:]] == [400] * 9


@pytest.mark.django_db
def test_every_refusal_of_a_call_that_is_in_order(monkeypatch, compared, pool, opened, calls):
    def status_of(call, body=None, **headers):
        asked, sent = calls[call]
        return compared(scope(asked.method, asked.path, asked.headers | headers), body or sent)

    wrong = json.dumps(order(pool, product_key="wrong")).encode()
    pair = basic(pool.serial_number, pool.plain)["Authorization"]
    assert status_of("close", authorization=pair) == 204
    assert status_of("check_out", wrong) == 403
    monkeypatch.setattr(brake, "FAILURES_PER_ADDRESS", 0)
    assert status_of("check_out", wrong) == 429
    another = {"authorization": bearer(open_session(Client(), pool))["Authorization"]}
    assert (status_of("refresh", **another), status_of("close", **another)) == (404, 404)
    assert status_of("check_out") == 409
    sessions.close(UUID(opened["id"]))
    assert (status_of("refresh"), status_of("close")) == (410, 204)


@pytest.mark.django_db
@pytest.mark.parametrize("call", VIEWS)
def test_whatever_a_view_raises(monkeypatch, compared, calls, call):
    def status_after(error):
        monkeypatch.setattr(*VIEWS[call], Mock(side_effect=error))
        return compared(*calls[call])

    statuses = {error: status_after(error) for error in ERRORS}

    assert statuses == problems.STATUS | {
        OperationalError: 503, InterfaceError: 503, ZeroDivisionError: 500, Http404: 404,
        SuspiciousOperation: 400, DisallowedHost: 404, BadRequest: 400,
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("call", VIEWS)
def test_a_product_that_is_at_home_at_https(settings, monkeypatch, compared, calls, call):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 60
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    monkeypatch.setattr(wsgi, "door", Door(HOT))
    monkeypatch.setattr(wsgi, "application", WSGIHandler())
    asked, body = calls[call]

    def status_of(**headers):
        return compared(scope(asked.method, asked.path, asked.headers | headers), body)

    assert status_of() == 403
    assert status_of(host="elsewhere.example") == 404
    assert status_of(**{"x-forwarded-proto": "https"}) in (200, 201, 204)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_is_replaced_after_one_refusal():
    opened = open_session(Client(), make_pool(1))
    asked = scope("POST", f"{SESSIONS}/{opened['id']}/refresh",
                  {"authorization": bearer(opened)["Authorization"]})  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET idle_session_timeout = 1")
    time.sleep(0.1)

    assert [ask(asked)[0] for _ in range(3)] == [503, 200, 200]


def test_nobody_waits_for_the_signals_that_it_does_not_send_but_django():
    heard = {
        listener.__name__
        for signal in (signals.request_started, signals.request_finished)
        for listener in (reference() for _, reference, *_ in signal.receivers)
        if not listener.__module__.startswith("tests.")
    }

    assert heard == {"reset_queries", "close_old_connections", "close_caches", "reset_urlconf"}
