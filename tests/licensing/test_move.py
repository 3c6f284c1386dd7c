"""A single-user licence moves to another device once it is deactivated on the first (FAQ)."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db.models import F

from licensing import devices, errors, licences, sessions
from licensing.models import AuditEntry, Device
from licensing.models.sessions import EndReason
from tests.factories import TESTER, make_client, make_session, make_single_user

pytestmark = pytest.mark.django_db


def open_on(key, machine_name: str):
    return make_session(key, make_client(machine_name=machine_name))


def test_ends_the_session_and_lets_another_device_in(single_user):
    session = open_on(single_user, "LAPTOP-1")

    devices.move(session.pk)

    session.refresh_from_db()
    assert session.end_reason == EndReason.MOVED
    assert open_on(single_user, "LAPTOP-2").seat
    with pytest.raises(errors.SessionEnded):
        sessions.refresh(session.pk)


def test_after_the_program_was_closed_works_too(single_user):
    session = open_on(single_user, "LAPTOP-1")
    sessions.close(session.pk)

    devices.move(session.pk)

    assert not Device.objects.bound().exists()


def test_again_changes_nothing(single_user):
    session = open_on(single_user, "LAPTOP-1")
    devices.move(session.pk)
    open_on(single_user, "LAPTOP-2")

    devices.move(session.pk)

    assert [device.machine_name for device in Device.objects.bound()] == ["LAPTOP-2"]


def test_of_a_pool_is_refused(pool):
    with pytest.raises(errors.NotSingleUser):
        devices.move(make_session(pool).pk)


def test_of_an_unknown_session_is_refused(db):
    with pytest.raises(errors.SessionUnknown):
        devices.move(uuid.uuid4())


def test_a_fourth_time_in_thirty_days_needs_support(single_user):
    for number in range(3):
        devices.move(open_on(single_user, f"LAPTOP-{number}").pk)
    session = open_on(single_user, "LAPTOP-4")
    device = Device.objects.bound().get()

    with pytest.raises(errors.MoveLimit) as told:
        devices.move(session.pk)
    with pytest.raises(errors.MoveLimit):
        devices.free(device, by=TESTER)

    first = Device.objects.order_by("unbound_at").first()
    assert told.value.extra == {"next_move_at": first.unbound_at + dt.timedelta(days=30)}

    assert devices.free(device, by=TESTER, limited=False)


def test_a_month_later_it_moves_again(single_user):
    for number in range(3):
        devices.move(open_on(single_user, f"LAPTOP-{number}").pk)
    Device.objects.update(unbound_at=F("unbound_at") - dt.timedelta(days=30))

    devices.move(open_on(single_user, "LAPTOP-4").pk)

    assert not Device.objects.bound().exists()


def test_freed_by_an_account_holder_is_audited_and_freed_once(single_user):
    open_on(single_user, "LAPTOP-1")
    device = Device.objects.get()

    assert devices.free(device, by=TESTER, reason="New laptop")

    entry = AuditEntry.objects.first()
    assert (entry.action, entry.reason, entry.object_name) == (
        "device_freed",
        "New laptop",
        "LAPTOP-1",
    )
    assert not devices.free(device, by=TESTER)


def test_a_lost_laptop_is_written_off_and_its_lease_may_still_run(single_user):
    session = open_on(single_user, "LAPTOP-1")
    device = Device.objects.get()

    assert devices.write_off(device, by=TESTER, reason="Stolen")

    device.refresh_from_db()
    assert device.lease_until == session.grace_until
    assert open_on(single_user, "LAPTOP-2")


def test_written_off_devices_do_not_count_as_moves(single_user):
    for number in range(4):
        open_on(single_user, f"LAPTOP-{number}")
        devices.write_off(Device.objects.bound().get(), by=TESTER)

    devices.move(open_on(single_user, "LAPTOP-9").pk)

    assert not Device.objects.bound().exists()


def test_over_the_limit_a_move_removes_the_seat():
    key = make_single_user(2)
    session = open_on(key, "LAPTOP-1")
    open_on(key, "LAPTOP-2")
    licences.set_seats(key.licence, 1, by=TESTER)

    devices.move(session.pk)

    assert key.licence.seat_rows.count() == 1
    with pytest.raises(errors.DeviceLimit):
        sessions.check_out(key, make_client())
