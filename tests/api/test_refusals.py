"""What a refusal tells the person whom it meets: facts, whom to ask, in their language."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import formats, timezone, translation

from licensing import keys, licences, refusals, sessions
from licensing.errors import LicensingError, SessionEnded
from licensing.models import Account, ClientSession
from licensing.models.licences import LicenceState
from licensing.models.sessions import EndReason
from tests.api.desktop import bearer, check_out, close, open_session, refresh
from tests.factories import (
    TESTER,
    days_from_today,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)

pytestmark = pytest.mark.django_db

ASK = "Ask Priya Shah,\nextension 204."


def tell(key, **changes):
    """Let the key's account tell whom to ask, and what else is wanted."""
    wanted = {"contact": ASK, "shows_holders": False} | changes
    refusals.tell(key.account, **wanted, by=TESTER)
    return keys.find(key.serial_number)


def full_pool(*usernames):
    """The key of a pool whose every seat one of them holds, the first for longest."""
    key = make_pool(len(usernames))
    for number, username in enumerate(usernames):
        session = make_session(key, make_client(username=username))
        started = session.started_at - dt.timedelta(hours=len(usernames) - number)
        ClientSession.objects.filter(pk=session.pk).update(started_at=started)
    return key


def moved_away(client):
    """The answer to a fourth move of a single-user licence."""
    key = make_single_user()
    tell(key)
    for _ in range(3):
        opened = open_session(client, key)
        client.delete(f"/api/v1/sessions/{opened['id']}/device", headers=bearer(opened))
    opened = open_session(client, key)
    return client.delete(f"/api/v1/sessions/{opened['id']}/device", headers=bearer(opened))


def suspended(client):
    key = make_pool()
    tell(key)
    licences.set_state(key.licence, LicenceState.SUSPENDED, by=TESTER)
    return check_out(client, key)


def released(client):
    key = make_pool()
    tell(key)
    opened = open_session(client, key)
    sessions.release(ClientSession.objects.get(), by=TESTER)
    return refresh(client, opened)


def closed(client):
    key = make_pool()
    tell(key)
    opened = open_session(client, key)
    close(client, opened)
    return refresh(client, opened)


def of_a_pool(client):
    key = make_pool()
    tell(key)
    opened = open_session(client, key)
    return client.delete(f"/api/v1/sessions/{opened['id']}/device", headers=bearer(opened))


def full(client):
    key = full_pool("anna")
    tell(key)
    return check_out(client, key)


ABOUT_A_LICENCE = {
    "licence_suspended": suspended,
    "pool_exhausted": full,
    "move_limit": moved_away,
    "not_single_user": of_a_pool,
    "session_released": released,
    "session_ended": closed,
}


@pytest.mark.parametrize("code", ABOUT_A_LICENCE)
def test_says_whom_to_ask(client, code):
    problem = ABOUT_A_LICENCE[code](client).json()

    assert (problem["code"], problem["contact"]) == (code, ASK)


def test_a_stranger_is_told_of_nobody(client):
    key = tell(full_pool("anna"), shows_holders=True)
    key.plain = "ABCDE-FGHJK-MNPQR-STVWX-YZ012-34567"

    problem = check_out(client, key).json()

    assert problem["code"] == "key_invalid"
    assert {"contact", "holders"} & problem.keys() == set()


def test_names_of_others_are_told_only_where_owners_let_it(client):
    key = full_pool("anna", "ben")

    before = check_out(client, key).json()
    tell(key, shows_holders=True)
    after = check_out(client, key).json()

    assert ("holders" in before, after["holders"]) == (False, ["anna", "ben"])


def test_ten_are_named_those_who_have_had_their_seats_longest_first(client):
    names = [f"user-{number:02}" for number in range(12)]
    key = full_pool(*reversed(names))
    tell(key, shows_holders=True)

    assert check_out(client, key).json()["holders"] == names[:1:-1]


def test_those_who_can_be_asked_are_named_first(client):
    key = full_pool("away", "anna", "ben")
    gone = ClientSession.objects.filter(username="away")
    gone.update(refreshed_at=timezone.now() - dt.timedelta(hours=1))
    tell(key, shows_holders=True)

    assert check_out(client, key).json()["holders"] == ["anna", "ben", "away"]


def test_of_a_full_feature_only_its_holders_are_named(client):
    key = make_pool(3, features=["4d:1", "bim"])
    open_session(client, key, username="planner", features=["4d"])
    open_session(client, key, username="other")
    tell(key, shows_holders=True)

    problem = check_out(client, key, features=["4d", "bim"]).json()

    assert (problem["scope"], problem["features"]) == ("feature", ["4d"])
    assert problem["holders"] == ["planner"]
    assert problem["detail"].startswith("Not enough licences are available for 4D:")


def test_every_full_feature_is_named(client):
    key = make_pool(3, features=["4d:1", "bim:1"])
    open_session(client, key, features=["4d", "bim"])

    assert check_out(client, key, features=["bim", "4d"]).json()["features"] == ["4d", "bim"]


@pytest.mark.parametrize(
    ("accepted", "language", "words"),
    [
        ("de", "de", "Diese Lizenz beginnt am {}."),
        ("de-AT,de;q=0.9,en;q=0.5", "de", "Diese Lizenz beginnt am {}."),
        ("en-US", "en-gb", "This licence starts on {}."),
        ("fr,de;q=0.3", "de", "Diese Lizenz beginnt am {}."),
        ("fr", "en-gb", "This licence starts on {}."),
        ("de;q=0", "en-gb", "This licence starts on {}."),
        ("de;q=0,fr", "en-gb", "This licence starts on {}."),
        ("*", "en-gb", "This licence starts on {}."),
        ("", "en-gb", "This licence starts on {}."),
        (",;=\xff" * 200, "en-gb", "This licence starts on {}."),
    ],
)
def test_is_told_in_the_language_asked_for(client, accepted, language, words):
    starts_on = days_from_today(40)
    key = make_pool(starts_on=starts_on)

    response = client.post(
        "/api/v1/sessions",
        {"serial_number": key.serial_number, "product_key": key.plain, "machine_name": "CAD-1",
         "username": "anna", "version": "16"},
        content_type="application/json",
        headers={"Accept-Language": accepted},
    )  # fmt: skip

    with translation.override(language):
        assert response.json()["detail"].startswith(words.format(formats.date_format(starts_on)))
    assert response.headers["Content-Language"] == language


def test_the_next_request_is_answered_in_its_own_language(client):
    details = [
        client.get("/api/v1/x", headers={"Accept-Language": language}).json()["detail"]
        for language in ("de", "en", "de")
    ]

    assert details == [
        "Unter dieser Adresse gibt es nichts.",
        "There is nothing at this address.",
        "Unter dieser Adresse gibt es nichts.",
    ]


def test_moments_are_told_by_the_clocks_of_the_account(client):
    key = make_pool()
    Account.objects.update(time_zone="Asia/Tokyo")
    opened = open_session(client, key)
    sessions.release(ClientSession.objects.get(), by=TESTER)

    problem = refresh(client, opened).json()

    ended_at = ClientSession.objects.get().ended_at
    there = ended_at + dt.timedelta(hours=9)
    assert f"{there:%H:%M} JST" in problem["detail"]
    assert problem["ended_at"] == f"{ended_at:%Y-%m-%dT%H:%M:%SZ}"
    assert TESTER.name not in str(problem)


def test_the_time_is_the_databases_whatever_the_web_server_believes(client):
    key = full_pool("anna")

    with time_machine.travel(timezone.now() + dt.timedelta(hours=3)):
        told = [check_out(client, key).json(), client.get("/api/v1/x").json()]

    for problem in told:
        server_time = dt.datetime.fromisoformat(problem["server_time"])
        assert abs(server_time - timezone.now()) < dt.timedelta(seconds=30)


def every_sentence():
    """Each outcome's sentences, with places for facts and without."""
    for kind in LicensingError.__subclasses__():
        yield from (kind.message, kind.told, *getattr(kind, "by_reason", {}).values())
        yield from (getattr(kind, name, "") for name in ("of_features", "of_taken_id"))


def test_every_sentence_has_a_translation():
    sentences = [sentence for sentence in every_sentence() if sentence]
    with translation.override("de"):
        german = [str(sentence) for sentence in sentences]

    same = [
        str(ours) for ours, theirs in zip(sentences, german, strict=True) if str(ours) == theirs
    ]
    assert same == []


def test_every_way_that_a_session_ends_has_a_sentence():
    told = {EndReason.RELEASED, *SessionEnded.by_reason}
    assert told == set(EndReason)
