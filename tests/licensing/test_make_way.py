"""Before a full pool refuses, silent sessions of the same person on the same machine make way."""

from __future__ import annotations

import contextlib
import datetime as dt

import psycopg
import pytest

from licensing import errors, licences, pools, sessions
from licensing.models import ClientSession
from licensing.models.sessions import EndReason
from tests.factories import TESTER, make_client, make_pool, make_session, make_single_user

pytestmark = pytest.mark.django_db

SILENT = dt.timedelta(minutes=8)
IN_TOUCH = dt.timedelta(minutes=7)
FIVE_MINUTES = dt.timedelta(minutes=5)
ANNA = {"machine_name": "CTX-01", "username": "ACME\\anna"}


def anna(os_session: str, **details):
    return make_client(**ANNA | {"os_session": os_session} | details)


def ends_as(session: ClientSession) -> str:
    session.refresh_from_db()
    return session.end_reason


def test_everybody_comes_back_after_a_terminal_server_has_restarted():
    key = make_pool(10)
    people = [{"machine_name": "CTX-01", "username": f"ACME\\user{n}"} for n in range(10)]
    for number, person in enumerate(people):
        make_session(key, make_client(**person, os_session=str(number)), refreshed=SILENT)

    for number, person in enumerate(people):
        _, created = sessions.check_out(key, make_client(**person, os_session=str(20 + number)))
        assert created

    replaced = ClientSession.objects.filter(end_reason=EndReason.REPLACED)
    assert sorted(int(session.os_session) for session in replaced) == list(range(10))
    assert pools.in_use(key.licence) == 10


def test_who_is_still_in_touch_keeps_the_seat():
    key = make_pool(1)
    held = make_session(key, anna("3"), refreshed=IN_TOUCH)

    for _ in range(2):  # the second is settled by what the licence remembers
        with pytest.raises(errors.PoolExhausted) as refusal:
            sessions.check_out(key, anna("4"))

        assert refusal.value.extra["next_reclaim_at"] == held.refreshed_at + 1.5 * FIVE_MINUTES
    assert ends_as(held) == ""


@pytest.mark.parametrize(("silence", "reason"), [(59, ""), (61, EndReason.REPLACED)])
def test_how_long_is_silent_goes_by_the_licences_own_interval(silence, reason):
    two_minutes = dt.timedelta(minutes=2)
    key = make_pool(1, policy=licences.OfflinePolicy(two_minutes, two_minutes))
    held = make_session(key, anna("3"), refreshed=dt.timedelta(seconds=silence))

    with contextlib.suppress(errors.PoolExhausted):
        sessions.check_out(key, anna("4"))

    assert ends_as(held) == reason


@pytest.mark.parametrize(
    "other",
    [
        {"username": "ACME\\bert"},
        {"machine_name": "CTX-02"},
        {"device_id": "another"},
    ],
)
def test_nobody_makes_way_for_another_person_machine_or_device(other):
    key = make_pool(1)
    held = make_session(key, anna("3", device_id="one"), refreshed=SILENT)

    with pytest.raises(errors.PoolExhausted):
        sessions.check_out(key, anna("4", **{"device_id": "one"} | other))

    assert ends_as(held) == ""


@pytest.mark.parametrize(("before", "now"), [("", "one"), ("one", ""), ("one", "one")])
def test_a_device_id_that_is_missing_is_no_other(before, now):
    key = make_pool(1)
    held = make_session(key, anna("3", device_id=before), refreshed=SILENT)

    sessions.check_out(key, anna("4", device_id=now))

    assert ends_as(held) == EndReason.REPLACED


def test_a_program_that_has_learnt_its_device_id_is_not_refused_for_its_former_session():
    key = make_pool(1)
    held = make_session(key, anna("3"), refreshed=SILENT)

    sessions.check_out(key, anna("3", device_id="one"))

    assert ends_as(held) == EndReason.REPLACED


def test_names_are_compared_as_windows_does():
    key = make_pool(1)
    held = make_session(key, anna("3"), refreshed=SILENT)

    sessions.check_out(key, anna("4", machine_name=" ctx-01", username="acme\\ANNA"))

    assert ends_as(held) == EndReason.REPLACED


def test_nobody_goes_while_a_seat_is_free_or_can_be_reclaimed():
    key = make_pool(3)
    silent = make_session(key, anna("3"), refreshed=SILENT)
    make_session(key, refreshed=dt.timedelta(hours=49))

    sessions.check_out(key, anna("4"))
    sessions.check_out(key, anna("5"))

    assert ends_as(silent) == ""


def test_what_a_pool_remembers_for_its_refusals_hides_nobody_who_makes_way():
    key = make_pool(1)
    held = make_session(key, anna("3"))
    for _ in range(2):
        with pytest.raises(errors.PoolExhausted):
            sessions.check_out(key, anna("4"))
    ClientSession.objects.filter(pk=held.pk).update(refreshed_at=held.refreshed_at - SILENT)

    assert sessions.check_out_with_key(key.serial_number, key.plain, anna("4"))[1]


def test_the_program_hears_of_it_at_its_next_refresh():
    key = make_pool(1)
    held = make_session(key, anna("3"), refreshed=SILENT)
    sessions.check_out(key, anna("4"))

    with pytest.raises(errors.SessionEnded) as refusal:
        sessions.refresh(held.pk)

    assert refusal.value.extra["reason"] == "replaced"


def test_a_reclaimed_session_that_comes_back_is_let_in_likewise():
    key = make_pool(1)
    reclaimed = make_session(key, anna("3"), refreshed=dt.timedelta(hours=49))
    sessions.reclaim_stale()
    held = make_session(key, anna("4"), refreshed=SILENT)

    sessions.refresh(reclaimed.pk)

    assert (ends_as(reclaimed), ends_as(held)) == ("", EndReason.REPLACED)


def test_nobody_makes_way_for_a_session_whose_client_has_a_newer_one():
    key = make_pool(2)
    reclaimed = make_session(key, anna("3"), refreshed=dt.timedelta(hours=49))
    sessions.reclaim_stale()
    make_session(key, anna("3"))
    held = make_session(key, anna("4"), refreshed=SILENT)

    with pytest.raises(errors.SessionEnded):
        sessions.refresh(reclaimed.pk)

    assert ends_as(held) == ""


def test_a_limited_feature_is_made_free_too():
    key = make_pool(5, features=["4d:1"])
    without = make_session(key, anna("2"), refreshed=SILENT)
    held = make_session(key, anna("3", features=("4d",)), refreshed=SILENT)

    grant, _ = sessions.check_out(key, anna("4", features=("4d",)))

    assert grant.features == ["4d"]
    assert (ends_as(held), ends_as(without)) == (EndReason.REPLACED, "")


def test_a_refusal_for_another_feature_leaves_everybody_as_they_were():
    key = make_pool(3, features=["4d:1", "risk:1"])
    make_session(key, make_client(features=("risk",)))
    held = make_session(key, anna("3", features=("4d",)), refreshed=SILENT)

    with pytest.raises(errors.PoolExhausted):
        sessions.check_out(key, anna("4", features=("4d", "risk")))

    assert ends_as(held) == ""


def test_on_a_single_user_device_ones_own_silent_session_makes_way():
    key = make_single_user()
    held = make_session(key, anna("3"), refreshed=SILENT)

    sessions.check_out(key, anna("4"))

    assert ends_as(held) == EndReason.REPLACED


def test_a_pool_that_drains_lets_as_many_back_as_its_limit():
    key = make_pool(3)
    lost = [make_session(key, anna(str(number)), refreshed=SILENT) for number in range(3)]
    licences.set_seats(key.licence, 1, by=TESTER)

    sessions.check_out(key, anna("20"))

    assert {ends_as(session) for session in lost} == {EndReason.REPLACED}
    assert key.licence.seat_rows.count() == 1


@pytest.fixture
def sent(monkeypatch):
    """A list that gets a mark for each statement that is sent."""
    marks, wait = [], psycopg.Connection.wait

    def wait_and_mark(self, *arguments, **options):
        marks.append("statement")
        return wait(self, *arguments, **options)

    monkeypatch.setattr(psycopg.Connection, "wait", wait_and_mark)
    return marks


def test_a_pool_that_was_full_a_moment_ago_refuses_in_one_statement(sent):
    key = make_pool(1)
    make_session(key)

    numbers = []
    for _ in range(8):  # the first remember, and prepare
        sent.clear()
        with pytest.raises(errors.PoolExhausted):
            sessions.check_out_with_key(key.serial_number, key.plain, make_client())
        numbers.append(len(sent))

    assert numbers[-1] == 1
