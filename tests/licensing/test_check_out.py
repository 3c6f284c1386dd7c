"""A licence is consumed when the user opens the program (FAQ)."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection

from licensing import errors, keys, sessions
from licensing.models import ClientSession, Seat
from licensing.models.sessions import EndReason
from tests.factories import (
    TESTER,
    days_from_today,
    make_client,
    make_pool,
    make_session,
)

pytestmark = pytest.mark.django_db


def test_takes_a_seat(pool):
    client = make_client()

    grant, created = sessions.check_out(pool, client)

    session = ClientSession.objects.get()
    assert created
    assert session.pk == grant.session_id
    assert session.seat.licence_id == pool.licence_id
    assert (session.machine_name, session.username) == (client.machine_name, client.username)


def test_promises_the_grace_period_from_the_database_time(pool):
    grant, _ = sessions.check_out(pool, make_client())

    assert grant.grace_until - grant.server_time == dt.timedelta(hours=48)


def test_grace_never_outlives_the_term():
    key = make_pool(1, ends_on=days_from_today(0))

    grant, _ = sessions.check_out(key, make_client())

    assert grant.grace_until - grant.server_time <= dt.timedelta(days=1, hours=1)


def test_asking_again_keeps_the_seat(pool):
    client = make_client()
    first, _ = sessions.check_out(pool, client)

    again, created = sessions.check_out(pool, client)

    assert not created
    assert again.session_id == first.session_id
    assert Seat.objects.held().count() == 1


@pytest.mark.parametrize(
    ("machine_name", "username"),
    [("cad-017", "ACME\\JSMITH"), (" CAD-017 ", "acme\\jsmith"), ("ＣＡＤ-017", "acme\\jsmith")],
)
def test_names_are_compared_as_windows_does(pool, machine_name, username):
    first, _ = sessions.check_out(
        pool, make_client(machine_name="CAD-017", username="acme\\jsmith")
    )

    again, _ = sessions.check_out(pool, make_client(machine_name=machine_name, username=username))

    assert again.session_id == first.session_id


def test_each_citrix_session_takes_a_seat(pool):
    citrix = {"machine_name": "CTX-01", "username": "ACME\\jsmith"}

    first, _ = sessions.check_out(pool, make_client(**citrix, os_session="3"))
    second, _ = sessions.check_out(pool, make_client(**citrix, os_session="4"))

    assert first.session_id != second.session_id


def test_a_full_pool_refuses_and_says_when_a_seat_may_come_back(pool):
    make_session(pool)
    first = make_session(pool, refreshed=dt.timedelta(hours=3))

    for _ in range(2):  # the second time from what the licence remembers
        with pytest.raises(errors.PoolExhausted) as refusal:
            sessions.check_out(pool, make_client())

        assert refusal.value.extra == {
            "scope": "licence",
            "features": [],
            "seats": 2,
            "in_use": 2,
            "next_reclaim_at": first.reclaim_at,
        }


def test_a_full_pool_keeps_its_own_people(pool):
    client = make_client()
    held = make_session(pool, client)
    make_session(pool)

    again, created = sessions.check_out(pool, client)

    assert (again.session_id, created) == (held.pk, False)


def test_a_stale_seat_goes_to_the_next_client(pool):
    gone = make_session(pool, refreshed=dt.timedelta(hours=49))
    make_session(pool)

    _, created = sessions.check_out(pool, make_client())

    gone.refresh_from_db()
    assert created
    assert gone.end_reason == EndReason.RECLAIMED


def test_a_seat_held_indefinitely_is_never_taken():
    key = make_pool(1)
    key.licence.reclaim_after = None
    key.licence.save()
    make_session(key, refreshed=dt.timedelta(days=400))

    for _ in range(2):
        with pytest.raises(errors.PoolExhausted) as refusal:
            sessions.check_out(key, make_client())
        assert refusal.value.extra["next_reclaim_at"] is None


def test_ones_own_stale_session_is_refreshed(pool):
    client = make_client()
    stale = make_session(pool, client, refreshed=dt.timedelta(hours=49))
    make_session(pool)

    grant, created = sessions.check_out(pool, client)

    assert (grant.session_id, created) == (stale.pk, False)


def test_ones_own_reclaimed_session_makes_room_for_a_new_one(pool):
    client = make_client()
    old = make_session(pool, client, refreshed=dt.timedelta(hours=49))
    sessions.reclaim_stale()

    grant, created = sessions.check_out(pool, client)

    assert created
    assert grant.session_id != old.pk


def test_a_full_pool_is_refused_without_a_look_at_its_sessions(pool, django_assert_num_queries):
    make_session(pool)
    make_session(pool)
    with pytest.raises(errors.PoolExhausted):  # remembers when the first can be stale
        sessions.check_out(pool, make_client())

    with django_assert_num_queries(0), pytest.raises(errors.PoolExhausted):
        sessions.check_out(pool, make_client())


def test_a_seat_that_gets_stale_later_is_found_all_the_same(pool):
    first = make_session(pool)
    make_session(pool)
    with pytest.raises(errors.PoolExhausted):
        sessions.check_out(pool, make_client())
    with connection.cursor() as cursor:  # as if the remembered time had come
        cursor.execute("UPDATE licensing_licence SET no_stale_before = now() - interval '1 s'")
    ClientSession.objects.filter(pk=first.pk).update(reclaim_at=first.started_at)

    _, created = sessions.check_out(pool, make_client())

    assert created


def test_an_unusable_licence_refuses_and_keeps_the_seat_free(pool):
    licence = pool.licence
    for change, refusal in [
        ({"state": "suspended"}, errors.LicenceSuspended),
        ({"state": "closed"}, errors.LicenceClosed),
        ({"state": "active", "starts_on": days_from_today(2)}, errors.LicenceNotStarted),
        ({"starts_on": None, "ends_on": days_from_today(-2)}, errors.LicenceExpired),
    ]:
        for name, value in change.items():
            setattr(licence, name, value)
        licence.save()
        with pytest.raises(refusal):
            sessions.check_out(pool, make_client())

    assert not Seat.objects.held().exists()


def test_a_licence_suspended_after_it_was_read_gives_no_seat(pool):
    type(pool.licence).objects.update(state="suspended")

    with pytest.raises(errors.LicenceSuspended):
        sessions.check_out(pool, make_client())


def test_a_key_revoked_after_it_was_read_opens_nothing(pool):
    keys.revoke(pool, by=TESTER)  # on a row of its own; ``pool`` still reads active

    with pytest.raises(errors.KeyRevoked):
        sessions.check_out(pool, make_client())


@pytest.mark.parametrize("version", ["15.9", "15", "9.99.99"])
def test_versions_before_16_are_not_supported(pool, version):
    with pytest.raises(errors.VersionNotSupported) as refusal:
        sessions.check_out(pool, make_client(version=version))

    assert refusal.value.extra == {"minimum_version": "16"}


def test_another_product_is_refused(pool):
    with pytest.raises(errors.ProductMismatch):
        sessions.check_out(pool, make_client(product="asta-powerproject-4d"))


def test_a_feature_that_is_missing_is_named():
    key = make_pool(1, features=["bim"])

    with pytest.raises(errors.FeatureNotLicensed) as refusal:
        sessions.check_out(key, make_client(features=("bim", "4d")))

    assert refusal.value.extra == {"features": ["4d"]}


def test_the_grant_lists_the_features():
    key = make_pool(1, features=["4d", "bim"])

    grant, _ = sessions.check_out(key, make_client(features=("bim",)))

    assert grant.features == ["4d", "bim"]


def test_a_new_seat_costs_its_own_statement_and_no_other(pool, django_assert_num_queries):
    client = make_client()
    with django_assert_num_queries(0):
        sessions.check_out(pool, client)


def test_a_wrong_clock_of_the_web_server_decides_nothing():
    key = make_pool(1, ends_on=days_from_today(1))
    client = make_client()
    session = make_session(key, client)

    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=5)):
        grant, created = sessions.check_out(keys.find(key.serial_number), client)
        ended = sessions.end_sessions_of_ended_licences()

    assert (grant.session_id, created, ended) == (session.pk, False, 0)
