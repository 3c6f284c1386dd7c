"""DELETE /api/v1/sessions/{id}: a licence is freed when the user closes the program (FAQ)."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from licensing import clock
from licensing.api import authentication
from licensing.models import ClientSession, Seat
from tests.api.desktop import SESSIONS, bearer, check_out, close, open_session, refresh
from tests.factories import move_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(client, pool):
    """The document of a session that was last refreshed an hour ago."""
    document = open_session(client, pool)
    move_back(ClientSession.objects.get(), dt.timedelta(hours=1))
    return document


def test_frees_the_seat(client, opened):
    response = close(client, opened)

    assert (response.status_code, response.content) == (204, b"")
    assert not Seat.objects.held().exists()


def test_closing_again_is_fine(client, opened):
    close(client, opened)

    assert close(client, opened).status_code == 204


def test_keeps_the_time_of_a_close_that_happened_offline(client, opened):
    half_an_hour_ago = clock.database_time() - dt.timedelta(minutes=30)

    response = close(client, opened, ended_at=half_an_hour_ago.isoformat())

    assert response.status_code == 204
    assert ClientSession.objects.get().ended_at == half_an_hour_ago


@pytest.mark.parametrize(
    "ended_at",
    ["0001-01-01T00:00:00+14:00", "1423-10-29T09:21:39+23:24", "2020-02-29T12:00:00.5Z"],
)
def test_of_before_the_last_refresh_came_too_late_to_change_anything(client, opened, ended_at):
    response = close(client, opened, ended_at=ended_at)

    assert response.status_code == 204
    assert Seat.objects.held().exists()


def test_a_queued_close_does_not_end_the_program_that_was_opened_again(client, pool, opened):
    closed_offline = clock.database_time() - dt.timedelta(minutes=30)
    who = ClientSession.objects.get()
    again = check_out(client, pool, machine_name=who.machine_name, username=who.username).json()

    response = close(client, opened, ended_at=closed_offline.isoformat())

    assert (again["id"], response.status_code) == (opened["id"], 204)
    assert refresh(client, again).status_code == 200


def test_nobody_closes_in_the_future(client, opened):
    close(client, opened, ended_at="9999-12-31T23:59:59-14:00")

    assert ClientSession.objects.get().ended_at <= clock.database_time()


@pytest.mark.parametrize(
    "ended_at", ["", "yesterday", "2026-11-24", "2026-11-24T14:05:00", "1764000000", "a\0b"]
)
def test_a_time_that_is_none_is_refused_and_nothing_closed(client, opened, ended_at):
    response = close(client, opened, ended_at=ended_at)

    problem = response.json()
    assert (response.status_code, problem["code"]) == (400, "request_invalid")
    assert [error["pointer"] for error in problem["errors"]] == ["/ended_at"]
    assert Seat.objects.held().exists()


def test_needs_the_token(client, opened):
    response = client.delete(f"{SESSIONS}/{opened['id']}")

    assert (response.status_code, response.json()["code"]) == (401, "token_invalid")
    assert Seat.objects.held().exists()


def test_a_token_closes_no_other_session(client, pool, opened):
    other = open_session(client, pool)

    response = client.delete(f"{SESSIONS}/{other['id']}", headers=bearer(opened))

    assert (response.status_code, response.json()["code"]) == (404, "session_unknown")
    assert Seat.objects.held().count() == 2


def test_a_session_that_was_never_there_is_unknown(client, db):
    session_id = uuid.uuid4()

    response = close(client, {"id": session_id, "token": authentication.token_of(session_id)})

    assert (response.status_code, response.json()["code"]) == (404, "session_unknown")
