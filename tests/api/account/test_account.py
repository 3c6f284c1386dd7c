"""The customer API: who may ask what, and what they are told."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import keys, sessions
from licensing.models import AuditEntry, ClientSession, Denial, ProductKey
from portal.licences import tags
from portal.models import Role, Scope
from portal.sign_in import api_tokens
from tests.api.programs import LISTS, ask, data, release
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    ago,
    make_api_token,
)


def test_the_account_says_what_the_token_may(client, account, token):
    answer = ask(client, token).json()

    assert answer == {
        "id": account.pk,
        "name": "Brook & Co",
        "time_zone": "Europe/London",
        "token_name": "Report",
        "scopes": [str(scope) for scope in Scope if scope != Scope.NAMES],
        "token_ends_at": token.ends_at.isoformat().replace("+00:00", "Z"),
        "shows_aliases": False,
    }


def test_a_licence_tells_its_use(client, token, session):
    tags.change([session.licence], add=["London"], by=TESTER)

    (licence,) = data(ask(client, token, "licences"))

    assert licence == {
        "id": session.licence_id,
        "name": "London planners",
        "product": "asta-powerproject",
        "usage_model": "concurrent",
        "state": "active",
        "seats": 1,
        "in_use": 1,
        "features": ["bim"],
        "tags": ["London"],
        "starts_on": None,
        "ends_on": None,
        "grace_seconds": 48 * 3600,
        "reclaim_after_seconds": 48 * 3600,
    }
    assert ask(client, token, f"licences/{session.licence_id}").json() == licence


def test_a_key_is_masked(client, token, pool):
    response = ask(client, token, "keys", licence=pool.licence_id)

    (key,) = data(response)
    assert (key["serial_number"], key["product_key"]) == (
        pool.serial_number, f"••••{pool.last_four}",
    )  # fmt: skip
    assert pool.plain not in response.text


def test_a_key_tells_its_state_and_who_made_it_but_not_their_address(client, token, pool):
    keys.reissue(pool, by=TESTER, overlap=dt.timedelta(days=7))
    ProductKey.objects.update(created_by="Priya Shah <priya@example.com>")

    told = data(ask(client, token, "keys"))

    assert [(key["state"], key["created_by"]) for key in told] == [
        ("overlap", "Priya Shah"),
        ("active", "Priya Shah"),
    ]


def test_sessions_tell_who_is_using_a_licence(client, token, session):
    ClientSession.objects.update(reclaim_at=None)

    (told,) = data(ask(client, token, "sessions"))

    assert (told["id"], told["username"], told["machine_name"], told["state"]) == (
        str(session.pk), "anna", "CAD-1", "active",
    )  # fmt: skip
    assert (told["reclaim_at"], told["grace_until"] > told["started_at"]) == (None, True)
    assert ask(client, token, f"sessions/{session.pk}").json() == told


def test_denials_tell_who_was_refused_and_why(client, token, session):
    Denial.objects.update(count=3, seats=5, in_use=4, first_at=ago(minutes=5))

    (told,) = data(ask(client, token, "denials"))

    assert (told["username"], told["code"], told["reason"], told["state"], told["tries"]) == (
        "bert", "pool_exhausted", "All seats in use", "true", 3,
    )  # fmt: skip
    assert (told["seats"], told["in_use"], told["first_at"] < told["last_at"]) == (5, 4, True)


def test_the_audit_log_tells_in_sentences(client, token, session):
    release(client, token, session, reason="on holiday")

    last = data(ask(client, token, "audit"))[0]
    assert (last["sentence"], last["reason"], last["actor_kind"], last["address"]) == (
        "The API token “Report” released anna on CAD-1.", "on holiday", "token", "127.0.0.1",
    )  # fmt: skip


def test_people_tell_their_roles(client, account, token):
    owner = MembershipFactory(account=account, role=Role.OWNER).user

    (told,) = data(ask(client, token, "people"))
    assert (told["name"], told["email"], told["role"]) == (owner.name, owner.email, "owner")


def test_releasing_frees_the_seat_and_may_be_repeated(client, token, session, pool):
    answers = [release(client, token, session, reason="left") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert {answer.json()["end_reason"] for answer in answers} == {"released"}
    assert not ClientSession.objects.active().exists()
    entry = AuditEntry.objects.get(action="session_released")
    assert (entry.actor_kind, entry.actor_id, entry.actor_name, entry.reason) == (
        "token", str(token.pk), "Report", "left",
    )  # fmt: skip


def test_what_is_wrong_with_a_reason_is_said(client, token, session):
    answer = release(client, token, session, reason="x" * 501)

    assert answer.status_code == 400
    assert [problem["pointer"] for problem in answer.json()["errors"]] == ["/reason"]


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer clt_nonsense"}, {"Authorization": "Basic eDp5"}]
)
def test_nobody_gets_in_without_a_token(client, db, headers):
    answer = client.get("/api/v1/account/", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_token_is_a_bearers(client, token):
    answer = client.get("/api/v1/account/", headers={"Authorization": f"Basic {token.plain}"})

    assert answer.status_code == 401


def test_a_revoked_token_opens_nothing(client, token):
    api_tokens.revoke(token, by=TESTER)

    assert ask(client, token).status_code == 401


@pytest.mark.parametrize(("path", "scope"), LISTS.items())
def test_each_list_wants_its_scope_and_no_other(client, account, path, scope):
    right = make_api_token(account, scope)
    wrong = make_api_token(account, *(other for other in Scope if other != scope))

    refused = ask(client, wrong, path)

    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert ask(client, right, path).status_code == 200


def test_reading_sessions_is_not_releasing_them(client, account, session):
    refused = release(client, make_api_token(account, Scope.SESSIONS), session)

    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert ClientSession.objects.active().count() == 1


def test_another_accounts_rows_are_nowhere(client, session):
    stranger = make_api_token(AccountFactory(name="Hill & Dale"))
    MembershipFactory(account=session.account)

    pages = [ask(client, stranger, path) for path in LISTS if path != "audit"]
    single = [
        ask(client, stranger, f"licences/{session.licence_id}"),
        ask(client, stranger, f"sessions/{session.pk}"),
        release(client, stranger, session),
    ]

    assert [data(page) for page in pages] == [[]] * len(pages)
    assert "anna" not in ask(client, stranger, "audit").text
    assert [(answer.status_code, answer.json()["code"]) for answer in single] == [
        (404, "not_found")
    ] * 3


@pytest.mark.parametrize("path", ["licences/x", "licences/99999999999999999999", "sessions/x"])
def test_what_cannot_be_an_id_is_not_found(client, token, path):
    assert ask(client, token, path).status_code == 404


def test_too_many_requests_are_told_to_wait(client, account, token, settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    another = make_api_token(account)

    answers = [ask(client, token) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"
    assert answers[2].json()["code"] == "rate_limited"
    assert ask(client, another).status_code == 200


def test_without_a_cache_everybody_gets_through(client, token, settings, no_cache):
    settings.API_REQUESTS_PER_MINUTE = 1

    assert [ask(client, token).status_code for _ in range(3)] == [200] * 3


def test_a_use_is_noted_with_its_address(client, token):
    ask(client, token)

    token.refresh_from_db()
    assert token.last_used_at is not None
    assert token.last_used_from == "127.0.0.1"


def test_an_unchanged_answer_is_not_sent_twice(client, token, session):
    first = ask(client, token, "sessions")
    second = ask(client, token, "sessions", headers={"If-None-Match": first["ETag"]})
    sessions.close(session.pk)
    third = ask(client, token, "sessions", headers={"If-None-Match": first["ETag"]})

    assert (first["Cache-Control"], first["Vary"]) == ("private, no-cache", "Authorization")
    assert (second.status_code, second.content, second["ETag"]) == (304, b"", first["ETag"])
    assert (third.status_code, third.json()["data"]) == (200, [])
