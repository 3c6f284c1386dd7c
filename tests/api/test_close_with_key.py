"""DELETE /api/v1/sessions/{id} with the key: for a program that never heard its session's token."""

from __future__ import annotations

import base64
import datetime as dt

import pytest

from licensing import clock, keys, licences, sessions
from licensing.models import ClientSession, ClosedId, Denial, Seat
from licensing.models.licences import LicenceState
from tests.api.desktop import SESSIONS, basic, check_out, close_with_key, open_session, refresh
from tests.factories import TESTER, make_pool, make_single_user, move_back

pytestmark = pytest.mark.django_db

OWN, OTHER = "0190d7a4-5b1c-4f6e-9a57-3f6f2f1c8d10", "0190d7a4-5b1c-4f6e-9a57-3f6f2f1c8d11"


@pytest.fixture
def unheard(client, pool):
    """A session of an own id, whose answer never arrived; refreshed an hour ago."""
    open_session(client, pool, session_id=OWN)
    session = ClientSession.objects.get()
    move_back(session, dt.timedelta(hours=1))
    return session


def test_frees_the_seat(client, pool, unheard):
    response = close_with_key(client, pool, OWN)

    assert (response.status_code, response.content) == (204, b"")
    assert not Seat.objects.held().exists()


def test_keeps_the_time_at_which_it_was_closed(client, pool, unheard):
    closed = clock.database_time() - dt.timedelta(minutes=30)

    close_with_key(client, pool, OWN, ended_at=closed.isoformat())

    unheard.refresh_from_db()
    assert unheard.ended_at == closed


def test_before_a_check_out_that_a_proxy_held_back_bars_its_id(client, pool):
    close_with_key(client, pool, OWN)

    late = check_out(client, pool, session_id=OWN)

    assert (late.status_code, late.json()["code"], late.json()["reason"]) == (
        410, "session_ended", "closed",
    )  # fmt: skip
    assert not Seat.objects.held().exists()
    assert not Denial.objects.exists()


def test_bars_no_id_of_another_licence(client, pool):
    close_with_key(client, make_pool(1), OWN)

    assert check_out(client, pool, session_id=OWN).status_code == 201


def test_forgets_old_ids(client, pool):
    close_with_key(client, pool, OWN)
    ClosedId.objects.update(closed_at=clock.database_time() - dt.timedelta(days=2))

    close_with_key(client, pool, OTHER)

    assert [str(closed) for closed in ClosedId.objects.all()] == [OTHER]


def test_ends_what_nobody_heard_of_since_it_began_whatever_time_is_told(client, pool, unheard):
    """The clock of a program that never heard an answer may be wrong by any time."""
    closed = unheard.started_at - dt.timedelta(minutes=1)

    close_with_key(client, pool, OWN, ended_at=closed.isoformat())

    unheard.refresh_from_db()
    assert unheard.ended_at == unheard.started_at
    assert not Seat.objects.held().exists()


def test_of_before_the_last_refresh_changes_nothing(client, pool, unheard):
    sessions.refresh(unheard.pk)
    unheard.refresh_from_db()
    closed = unheard.refreshed_at - dt.timedelta(seconds=1)

    response = close_with_key(client, pool, OWN, ended_at=closed.isoformat())

    assert response.status_code == 204
    assert Seat.objects.held().exists()


def test_a_time_that_is_none_is_refused(client, pool, unheard):
    response = close_with_key(client, pool, OWN, ended_at="yesterday")

    assert (response.status_code, response.json()["code"]) == (400, "request_invalid")
    assert Seat.objects.held().exists()


@pytest.mark.parametrize(
    "spelled",
    [OWN.upper(), OWN.replace("-", ""), f"{{{OWN}}}", f"urn:uuid:{OWN}"],
    ids=["upper case", "no dashes", "braces", "urn"],
)
def test_the_id_may_be_spelled_in_any_usual_way(client, pool, unheard, spelled):
    close_with_key(client, pool, spelled)

    assert not Seat.objects.held().exists()


def test_the_key_may_be_typed_in_any_way(client, pool, unheard):
    pair = basic(f" {pool.serial_number.lower()}", pool.plain.replace("-", "–"))

    response = client.delete(f"{SESSIONS}/{OWN}", headers=pair)

    assert response.status_code == 204
    assert not Seat.objects.held().exists()


def test_frees_the_seat_of_a_device_too(client):
    key = make_single_user()
    open_session(client, key, session_id=OWN)

    close_with_key(client, key, OWN)

    assert not Seat.objects.held().exists()


@pytest.mark.parametrize("named", [OWN[:-1] + "1", "no-id", "a%00b"])
def test_an_id_that_is_nobodys_is_done_too(client, pool, unheard, named):
    assert close_with_key(client, pool, named).status_code == 204
    assert Seat.objects.held().exists()


def test_another_licences_session_is_left_alone_without_a_word(client, pool, unheard):
    response = close_with_key(client, make_pool(1, account=pool.account), OWN)

    assert (response.status_code, response.content) == (204, b"")
    assert Seat.objects.held().exists()


def test_again_changes_nothing(client, pool, unheard):
    close_with_key(client, pool, OWN)
    first = ClientSession.objects.values().get()

    assert close_with_key(client, pool, OWN).status_code == 204
    assert ClientSession.objects.values().get() == first


def test_keeps_a_session_whose_seat_was_reclaimed_from_coming_back(client, pool):
    opened = open_session(client, pool, session_id=OWN)
    move_back(ClientSession.objects.get(), dt.timedelta(hours=49))
    sessions.reclaim_stale()

    close_with_key(client, pool, OWN)

    again = refresh(client, opened)
    assert (again.status_code, again.json()["code"]) == (410, "session_ended")


def superseded(key):
    keys.reissue(key, by=TESTER)


def revoked(key):
    keys.revoke(key, by=TESTER)


def suspended(key):
    licences.set_state(key.licence, LicenceState.SUSPENDED, by=TESTER)


def closed(key):
    licences.set_state(key.licence, LicenceState.CLOSED, by=TESTER)


@pytest.mark.parametrize("change", [superseded, revoked, suspended, closed])
def test_a_key_that_opens_nothing_any_more_closes(client, pool, unheard, change):
    change(pool)

    assert close_with_key(client, pool, OWN).status_code == 204
    assert not Seat.objects.held().exists()


def test_another_key_of_the_licence_closes(client, pool, unheard):
    new, plain = keys.reissue(pool, by=TESTER)
    new.plain = plain

    close_with_key(client, new, OWN)

    assert not Seat.objects.held().exists()


def test_a_wrong_pair_is_refused_as_at_a_check_out_and_is_no_denial(client, pool, unheard):
    wrong = basic(pool.serial_number, make_pool(1).plain)
    unknown = basic("0000-0000-0000", pool.plain)

    answers = [client.delete(f"{SESSIONS}/{OWN}", headers=pair) for pair in (wrong, unknown)]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(403, "key_invalid")] * 2
    assert Seat.objects.held().exists()
    assert not Denial.objects.exists()


def test_guessing_is_slowed_down_as_at_check_outs(client, pool, unheard):
    wrong = basic(pool.serial_number, "wrong")

    statuses = [client.delete(f"{SESSIONS}/{OWN}", headers=wrong).status_code for _ in range(11)]

    assert statuses == [403] * 10 + [429]
    assert close_with_key(client, pool, OWN).status_code == 204


@pytest.mark.parametrize(
    "given",
    [
        "",
        "!!!",
        base64.b64encode(b"no colon").decode(),
        base64.b64encode("Schlüssel:ß".encode("latin-1")).decode(),
    ],
    ids=["nothing", "no base64", "no colon", "not UTF-8"],
)
def test_a_pair_that_cannot_be_read_is_no_proof(client, pool, unheard, given):
    response = client.delete(f"{SESSIONS}/{OWN}", headers={"Authorization": f"Basic {given}"})

    assert (response.status_code, response.json()["code"]) == (401, "token_invalid")
    assert Seat.objects.held().exists()


def test_a_key_refreshes_and_moves_nothing(client, pool, unheard):
    pair = basic(pool.serial_number, pool.plain)

    refreshed = client.post(f"{SESSIONS}/{OWN}/refresh", headers=pair)
    moved = client.delete(f"{SESSIONS}/{OWN}/device", headers=pair)

    assert (refreshed.status_code, moved.status_code) == (401, 401)


def test_the_secret_is_in_no_answer(client, pool, unheard):
    secret = "ABCDE-FGHJK-MNPQR-STVWX-YZ012-34567"

    response = client.delete(f"{SESSIONS}/{OWN}", headers=basic(pool.serial_number, secret))

    assert secret not in response.text
