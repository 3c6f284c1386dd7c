"""POST /api/v1/sessions/{id}/refresh: the client says that it is still there."""

from __future__ import annotations

import uuid

import pytest
from django.conf import settings as django_settings

from licensing import licences, sessions
from licensing.api import authentication
from licensing.models import ClientSession
from licensing.models.licences import LicenceState
from tests.api.desktop import SESSIONS, bearer, close, open_session, refresh
from tests.factories import TESTER, make_pool, make_session, move_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(client, pool):
    """The document of an open session."""
    return open_session(client, pool)


def test_answers_as_the_check_out_did(client, opened):
    response = refresh(client, opened)

    changing = {"lease": "", "server_time": "", "grace_until": ""}
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json() | changing == opened | changing


def test_pushes_the_end_of_grace_on(client, opened):
    session = ClientSession.objects.get()
    move_back(session, session.grace_until - session.started_at)

    refreshed = refresh(client, opened).json()

    assert refreshed["grace_until"] >= opened["grace_until"]


def test_takes_note_of_a_new_version(client, opened):
    refresh(client, opened, version="16.1.00", idle_seconds=120.0)

    assert ClientSession.objects.get().version == "16.1.00"


def test_a_released_session_may_ask_for_a_new_one(client, opened):
    sessions.release(ClientSession.objects.get(), by=TESTER)

    response = refresh(client, opened)

    problem = response.json()
    assert (response.status_code, problem["code"], problem["retryable"]) == (
        410, "session_released", True,
    )  # fmt: skip


def test_a_closed_session_has_ended(client, opened):
    close(client, opened)

    response = refresh(client, opened)

    problem = response.json()
    assert (response.status_code, problem["code"], problem["retryable"], problem["reason"]) == (
        410, "session_ended", True, "closed",
    )  # fmt: skip


def test_a_reclaimed_session_waits_while_the_pool_is_full(client):
    key = make_pool(1)
    opened = open_session(client, key)
    session = ClientSession.objects.get()
    move_back(session, session.reclaim_at - session.started_at)
    make_session(key)

    response = refresh(client, opened)

    problem = response.json()
    assert (response.status_code, problem["code"], problem["seats"], problem["in_use"]) == (
        409, "pool_exhausted", 1, 1,
    )  # fmt: skip
    assert response.headers["Retry-After"] == "30"


def test_a_suspended_licence_refreshes_nobody(client, pool, opened):
    licences.set_state(pool.licence, LicenceState.SUSPENDED, by=TESTER)

    response = refresh(client, opened)

    assert (response.status_code, response.json()["code"]) == (403, "licence_suspended")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic dXNlcjpwYXNz",
        "Bearer nonsense",
        "Bearer 6f035c4787b14644a111090c9241708b:AAAA",
        "Bearer ünïcode:sïgned",
    ],
)
def test_a_token_that_is_not_ours_is_refused(client, opened, header):
    response = client.post(
        f"{SESSIONS}/{opened['id']}/refresh",
        content_type="application/json",
        headers={"Authorization": header},
    )

    problem = response.json()
    assert (response.status_code, problem["code"], problem["retryable"]) == (
        401, "token_invalid", False,
    )  # fmt: skip
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_no_header_is_as_bad_as_a_wrong_one(client, opened):
    response = client.post(f"{SESSIONS}/{opened['id']}/refresh", content_type="application/json")

    assert (response.status_code, response.json()["code"]) == (401, "token_invalid")


@pytest.mark.parametrize("named", [uuid.uuid4(), "not-a-uuid", "1", "%00", "’"])
def test_a_token_opens_no_other_session(client, opened, named):
    response = client.post(
        f"{SESSIONS}/{named}/refresh", content_type="application/json", headers=bearer(opened)
    )

    assert (response.status_code, response.json()["code"]) == (404, "session_unknown")


def test_a_session_that_was_never_there_is_unknown(client, db):
    session_id = uuid.uuid4()

    response = refresh(client, {"id": session_id, "token": authentication.token_of(session_id)})

    assert (response.status_code, response.json()["code"]) == (404, "session_unknown")


def test_tokens_outlive_a_change_of_the_secret_key(client, opened, settings):
    settings.SECRET_KEY_FALLBACKS = [django_settings.SECRET_KEY]
    settings.SECRET_KEY = "the new one"

    assert refresh(client, opened).status_code == 200
