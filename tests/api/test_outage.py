"""Without the cache the API goes on; without the database it says when to come back."""

from __future__ import annotations

import time
from contextlib import contextmanager

import httpx
import pytest
from django.db import connection
from django.test import Client

from config.wsgi import application
from tests.api.desktop import bearer, check_out, close, open_session, order, refresh
from tests.factories import make_pool

NOBODY_LISTENS = "1"


@contextmanager
def database_down():
    """Nothing answers at the database's port."""
    working = {name: connection.settings_dict[name] for name in ("HOST", "PORT")}
    connection.close()
    connection.settings_dict |= {"HOST": "127.0.0.1", "PORT": NOBODY_LISTENS}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= working


@pytest.mark.django_db
@pytest.mark.usefixtures("no_cache")
def test_clients_are_served_without_the_cache(client, pool):
    opened = open_session(client, pool)

    assert refresh(client, opened).status_code == 200
    assert close(client, opened).status_code == 204
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("no_cache")
def test_the_brake_is_open_without_the_cache_and_costs_no_time(client, pool):
    started = time.monotonic()

    statuses = {check_out(client, pool, product_key="wrong").status_code for _ in range(30)}

    assert statuses == {403}
    assert time.monotonic() - started < 5


@pytest.mark.django_db(transaction=True)
def test_without_the_database_every_call_says_when_to_come_back(client):
    key = make_pool(2)
    opened = open_session(client, key)
    body = order(key)

    with database_down():
        answers = [
            client.post("/api/v1/sessions", body, content_type="application/json"),
            refresh(client, opened),
            close(client, opened),
            client.get("/readyz"),
        ]

    for answer in answers:
        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["retryable"]) == (
            503, "service_unavailable", True,
        )  # fmt: skip
        assert answer.headers["Retry-After"] == "10"
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert refresh(client, opened).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_without_the_database_a_process_is_alive_and_pages_say_so(db_visitor):
    with database_down():
        alive, page = db_visitor.get("/healthz"), db_visitor.get("/admin/")

    assert alive.status_code == 200
    assert page.status_code == 503
    assert page.headers["Content-Type"].startswith("text/html")
    assert page.headers["X-Request-Id"] in page.text


@pytest.fixture
def db_visitor(client):
    """A browser whose cookie has to be looked up in the database."""
    client.cookies["sessionid"] = "0123456789abcdef0123456789abcdef"
    client.raise_request_exception = False
    return client


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_is_replaced_after_one_refusal():
    opened = open_session(Client(), make_pool(1))
    with httpx.Client(transport=httpx.WSGITransport(application), base_url="http://x") as client:
        address = f"/api/v1/sessions/{opened['id']}/refresh"
        with connection.cursor() as cursor:
            cursor.execute("SET idle_session_timeout = 1")
        time.sleep(0.1)

        statuses = [client.post(address, headers=bearer(opened)).status_code for _ in range(3)]

    assert statuses == [503, 200, 200]
