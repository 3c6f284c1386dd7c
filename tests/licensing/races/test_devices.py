"""Devices bound, moved and freed by two at once."""

from __future__ import annotations

from functools import partial

import pytest

from licensing import devices, errors, licences, sessions
from licensing.licences import Order
from licensing.models import Device, Licence
from tests.factories import TESTER, make_client, make_session, make_single_user
from tests.licensing.races.together import at_once, held_seats

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_devices_at_once_bind_one_seat():
    key = make_single_user()

    outcomes = at_once(*(partial(sessions.check_out, key, make_client()) for _ in range(10)))

    assert sum(isinstance(outcome, tuple) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, errors.DeviceLimit) for outcome in outcomes) == 9


def test_a_lease_reactivated_by_two_at_once_is_replaced_once():
    lease, _ = licences.take_over_lease(Order(account_name="Brook", seats=1), by=TESTER)

    outcomes = at_once(*[partial(licences.reactivate_lease, lease.licence, by=TESTER)] * 4)

    assert sum(isinstance(outcome, tuple) for outcome in outcomes) == 1
    assert Licence.objects.filter(replaces=lease.licence).count() == 1


def test_a_device_freed_by_two_at_once_is_freed_once():
    key = make_single_user()
    make_session(key)
    device = Device.objects.get()

    outcomes = at_once(*[partial(devices.free, device, by=TESTER)] * 4)

    assert sorted(outcomes) == [False] * 3 + [True]


def test_a_move_against_check_outs_binds_one_device():
    key = make_single_user()
    session = make_session(key)

    calls = [partial(sessions.check_out, key, make_client()) for _ in range(8)]
    at_once(partial(devices.move, session.pk), *calls)

    assert Device.objects.bound().count() <= 1
    assert held_seats(key) == Device.objects.bound().count()
