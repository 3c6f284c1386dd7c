"""POST /api/v1/sessions: a licence is consumed when the user opens the program (FAQ)."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from licensing import keys, licences
from licensing.models import ClientSession, Denial, ProductKey
from licensing.models.keys import KeyState
from licensing.models.licences import LicenceState
from tests.api.desktop import check_out, open_session, order
from tests.factories import TESTER, ago, days_from_today, make_pool, make_session, make_single_user

pytestmark = pytest.mark.django_db


def test_answers_all_that_the_client_may_rely_on(client):
    key = make_pool(2, name="London planners", features=["bim", "4d"], ends_on=days_from_today(400))

    response = check_out(client, key, features=["bim"], os_session="3")

    document = response.json()
    session = ClientSession.objects.get()
    now = session.refreshed_at.replace(microsecond=0)
    assert response.status_code == 201
    assert response.headers["Cache-Control"] == "no-store"
    assert document.pop("token").startswith(session.pk.hex)
    assert document.pop("lease").count(".") == 2
    assert document == {
        "id": str(session.pk),
        "state": "active",
        "usage_model": "concurrent",
        "licence": {
            "serial_number": key.serial_number,
            "name": "London planners",
            "product": "asta-powerproject",
            "ends_on": days_from_today(400).isoformat(),
        },
        "features": ["4d", "bim"],
        "refresh_after": 300,
        "grace_until": (now + dt.timedelta(hours=48)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "server_time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "message": None,
    }


def test_asking_again_answers_the_same_session_and_token(client, pool):
    first = open_session(client, pool, machine_name="CAD-017", username="jsmith")

    again = check_out(client, pool, machine_name="cad-017 ", username="JSMITH")

    assert again.status_code == 200
    assert (again.json()["id"], again.json()["token"]) == (first["id"], first["token"])


def test_cloned_machines_are_told_apart_by_their_device_id(client, pool):
    names = {"machine_name": "IMAGE", "username": "jsmith"}
    first = open_session(client, pool, **names, device_id="one")
    second = open_session(client, pool, **names, device_id="two")

    again = check_out(client, pool, **names, device_id=" one ")

    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    assert first["id"] != second["id"]


@pytest.mark.parametrize("device_id", ["", " ", "x" * 256, "a\0b", 7])
def test_a_device_id_that_is_none_is_refused(client, pool, device_id):
    response = check_out(client, pool, device_id=device_id)

    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == ["/device_id"]


def test_another_citrix_session_takes_another_seat(client, pool):
    first = open_session(client, pool, machine_name="CTX", username="jsmith", os_session="1")

    second = open_session(client, pool, machine_name="CTX", username="jsmith", os_session="2")

    assert first["id"] != second["id"]


def test_names_are_kept_as_received_but_for_spaces_around(client, pool):
    open_session(client, pool, machine_name="  Büro-01 ", username="ACME\\Jörg\u00a0S. ")

    session = ClientSession.objects.get()
    assert (session.machine_name, session.username) == ("Büro-01", "ACME\\Jörg\u00a0S.")


def test_keys_may_be_typed_in_any_way(client, pool):
    typed = {
        "serial_number": f" {pool.serial_number.lower()} ",
        "product_key": pool.plain.replace("-", " "),
    }

    assert check_out(client, pool, **typed).status_code == 201


def superseded():
    key = make_pool(1)
    ProductKey.objects.filter(pk=key.pk).update(
        state=KeyState.SUPERSEDED, superseded_at=ago(hours=1)
    )
    return key


def revoked():
    key = make_pool(1)
    keys.revoke(key, by=TESTER)
    return key


def in_state(state):
    key = make_pool(1)
    licences.set_state(key.licence, state, by=TESTER)
    return key


def full():
    key = make_pool(1)
    make_session(key)
    return key


def moment(text):
    return dt.datetime.fromisoformat(text)


NOT_RETRYABLE, RETRYABLE = False, True
REFUSALS = {
    "key_superseded": (superseded, {}, 403, NOT_RETRYABLE, {}),
    "key_revoked": (revoked, {}, 403, NOT_RETRYABLE, {}),
    "licence_suspended": (
        lambda: in_state(LicenceState.SUSPENDED), {}, 403, NOT_RETRYABLE, {},
    ),
    "licence_closed": (lambda: in_state(LicenceState.CLOSED), {}, 403, NOT_RETRYABLE, {}),
    "licence_not_started": (
        lambda: make_pool(1, starts_on=days_from_today(2)), {}, 403, NOT_RETRYABLE,
        {"starts_on": days_from_today(2).isoformat()},
    ),
    "licence_expired": (
        lambda: make_pool(1, ends_on=days_from_today(-2)), {}, 403, NOT_RETRYABLE,
        {"ends_on": days_from_today(-2).isoformat()},
    ),
    "version_not_supported": (
        lambda: make_pool(1), {"version": "15.9"}, 403, NOT_RETRYABLE, {"minimum_version": "16"},
    ),
    "product_mismatch": (
        lambda: make_pool(1), {"product": "asta-powerproject-4d"}, 403, NOT_RETRYABLE, {},
    ),
    "feature_not_licensed": (
        lambda: make_pool(1, features=["4d"]),
        {"features": ["bim", "4d"]},
        403,
        NOT_RETRYABLE,
        {"features": ["bim"]},
    ),
    "pool_exhausted": (
        full, {}, 409, RETRYABLE, {"scope": "licence", "features": [], "seats": 1, "in_use": 1},
    ),
}  # fmt: skip


@pytest.mark.census
@pytest.mark.parametrize("code", REFUSALS)
def test_says_why_it_refuses(client, code):
    arrange, changes, status, retryable, extra = REFUSALS[code]
    key = arrange()

    response = check_out(client, key, **changes)

    problem = response.json()
    assert (response.status_code, response.headers["Content-Type"]) == (
        status, "application/problem+json",
    )  # fmt: skip
    assert problem.pop("detail")
    assert abs(moment(problem.pop("server_time")) - timezone.now()) < dt.timedelta(seconds=10)
    if code == "pool_exhausted":
        held = ClientSession.objects.get()
        assert moment(problem.pop("next_reclaim_at")) == held.reclaim_at.replace(microsecond=0)
    assert problem == {
        "type": f"http://testserver{reverse('api:problems')}#{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "code": code,
        "retryable": retryable,
        "request_id": response.headers["X-Request-Id"],
        **extra,
    }
    assert [denial.code for denial in Denial.objects.filter(licence=key.licence)] == [code]


def test_says_when_a_seat_may_be_free(client):
    response = check_out(client, full())

    assert response.headers["Retry-After"] == "30"


def test_names_the_device_that_has_the_licence(client):
    key = make_single_user()
    open_session(client, key, machine_name="CAD-003")

    response = check_out(client, key)

    problem = response.json()
    assert (response.status_code, problem["code"], problem["devices"]) == (
        409, "device_limit", ["CAD-003"],
    )  # fmt: skip


def test_a_wrong_key_and_an_unknown_serial_number_get_one_answer(client, pool):
    other = make_pool(1)

    wrong = check_out(client, pool, product_key=other.plain)
    unknown = check_out(client, pool, serial_number="0000-0000-0000")
    mistyped = check_out(client, pool, serial_number="no serial number")

    of_each = {"request_id": "", "server_time": ""}
    answers = [response.json() | of_each for response in (wrong, unknown, mistyped)]
    assert answers[0] == answers[1] == answers[2]
    assert (wrong.status_code, answers[0]["code"]) == (403, "key_invalid")


def test_a_wrong_key_is_recorded_with_the_licence_it_was_tried_on(client, pool):
    check_out(client, pool, product_key=make_pool(1).plain)

    denial = Denial.objects.get()
    assert (denial.code, denial.key_id, denial.licence_id, denial.account_id) == (
        "key_invalid", pool.pk, pool.licence_id, pool.account_id,
    )  # fmt: skip


def test_an_unknown_serial_number_is_recorded_without_one(client, pool):
    check_out(client, pool, serial_number="0000-0000-0000")

    denial = Denial.objects.get()
    assert (denial.code, denial.key_id) == ("key_invalid", None)


def test_secrets_are_in_no_refusal(client, pool):
    wrong = "WRONG-WRONG-WRONG-WRONG-WRONG-WRONG"

    response = client.post(
        "/api/v1/sessions",
        order(pool, product_key=wrong, version="x"),
        content_type="application/json",
    )

    assert wrong not in response.text


def test_the_callers_request_id_is_used(client, pool):
    request_id = str(uuid.uuid4())

    response = client.post(
        "/api/v1/sessions", order(pool), "application/json", headers={"X-Request-Id": request_id}
    )

    assert response.headers["X-Request-Id"] == request_id
