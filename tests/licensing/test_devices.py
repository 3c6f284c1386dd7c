"""A single-user licence allows only one device to use it (FAQ)."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import errors, licences, sessions
from licensing.models import Device
from licensing.models.sessions import EndReason
from tests.factories import TESTER, make_client, make_pool, make_session, make_single_user

pytestmark = pytest.mark.django_db


def on(machine_name: str, username: str = "ACME\\jsmith"):
    return make_client(machine_name=machine_name, username=username)


def test_first_check_out_binds_the_device(single_user):
    sessions.check_out(single_user, on("LAPTOP-1"))

    device = Device.objects.get()
    assert (device.machine_name, device.username) == ("LAPTOP-1", "ACME\\jsmith")
    assert device.seat.licence_id == single_user.licence_id


def test_another_device_is_refused_even_when_the_first_is_closed(single_user):
    sessions.close(make_session(single_user, on("LAPTOP-1")).pk)

    with pytest.raises(errors.DeviceLimit) as refusal:
        sessions.check_out(single_user, on("LAPTOP-2"))

    assert refusal.value.extra == {"devices": ["LAPTOP-1"]}


def test_the_same_device_opens_again(single_user):
    sessions.close(make_session(single_user, on("LAPTOP-1")).pk)

    _, created = sessions.check_out(single_user, on("laptop-1"))

    assert created
    assert Device.objects.count() == 1


def test_the_same_user_asking_twice_keeps_the_session(single_user):
    first = make_session(single_user, on("LAPTOP-1"))

    grant, created = sessions.check_out(single_user, on("LAPTOP-1"))

    assert (grant.session_id, created) == (first.pk, False)


def test_grace_is_thirty_days(single_user):
    grant, _ = sessions.check_out(single_user, on("LAPTOP-1"))

    assert grant.grace_until - grant.server_time == dt.timedelta(days=30)


def test_the_next_user_of_the_device_takes_over_what_was_left_behind(single_user):
    left = make_session(single_user, on("LAPTOP-1", "anna"), refreshed=dt.timedelta(hours=1))

    _, created = sessions.check_out(single_user, on("LAPTOP-1", "ben"))

    left.refresh_from_db()
    assert created
    assert left.end_reason == EndReason.REPLACED
    assert Device.objects.get().username == "ben"


def test_a_terminal_server_serves_one_person_at_a_time(single_user):
    anna = make_session(single_user, on("CTX-01", "anna"))

    with pytest.raises(errors.PoolExhausted) as refusal:
        sessions.check_out(single_user, on("CTX-01", "ben"))

    told = refusal.value.extra
    assert (told["seats"], told["in_use"]) == (1, 1)
    assert told["next_reclaim_at"] == anna.refreshed_at + dt.timedelta(minutes=15)


def test_several_seats_are_several_devices():
    key = make_single_user(2)
    for machine in ("LAPTOP-1", "LAPTOP-2"):
        make_session(key, on(machine))

    with pytest.raises(errors.DeviceLimit) as refusal:
        sessions.check_out(key, on("LAPTOP-3"))

    assert refusal.value.extra == {"devices": ["LAPTOP-1", "LAPTOP-2"]}


def test_a_reclaimed_session_returns_to_its_own_seat():
    key = make_single_user(2)
    key.licence.reclaim_after = dt.timedelta(days=30)
    key.licence.save()
    session = make_session(key, on("LAPTOP-1"), refreshed=dt.timedelta(days=31))
    seat = session.seat
    sessions.reclaim_stale()

    sessions.refresh(session.pk)

    session.refresh_from_db()
    assert session.seat == seat


def test_pools_bind_nothing():
    make_session(make_pool(1))

    assert not Device.objects.exists()


def test_a_stale_session_of_another_device_makes_way_where_the_limit_was_lowered():
    soon = licences.OfflinePolicy(dt.timedelta(hours=1), dt.timedelta(minutes=2))
    key = make_single_user(2, policy=soon)
    sessions.close(make_session(key, on("LAPTOP-2")).pk)
    stale = make_session(key, on("LAPTOP-1"), refreshed=dt.timedelta(minutes=3))
    licences.set_seats(key.licence, 1, by=TESTER)

    make_session(key, on("LAPTOP-2"))

    stale.refresh_from_db()
    assert stale.end_reason == EndReason.RECLAIMED
