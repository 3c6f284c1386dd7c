"""Lease licences are honoured, and become single-user licences when reactivated (FAQ)."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import errors, keys, licences, sessions
from licensing.licences import Order
from licensing.models import AuditEntry
from licensing.models.licences import LicenceState, UsageModel
from tests.factories import TESTER, days_from_today, make_client, make_pool, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def lease():
    order = Order(
        account_name="Brook & Co",
        seats=1,
        name="J. Smith",
        features=["bim", "4d:1"],
        ends_on=days_from_today(90),
    )
    key, _ = licences.take_over_lease(order, by=TESTER)
    return keys.find(key.serial_number)


def test_are_honoured_as_single_user_licences(lease):
    grant, _ = sessions.check_out(lease, make_client(machine_name="LAPTOP-1"))

    assert grant.grace_until - grant.server_time == dt.timedelta(days=30)
    with pytest.raises(errors.DeviceLimit):
        sessions.check_out(lease, make_client(machine_name="LAPTOP-2"))


def test_reactivated_is_a_single_user_licence_with_the_same_features_and_end(lease):
    make_session(lease)

    key, _ = licences.reactivate_lease(lease.licence, by=TESTER, reason="Reactivation")

    new = key.licence
    new.refresh_from_db()
    assert (new.usage_model, new.name, new.seats, new.ends_on) == (
        UsageModel.SINGLE_USER,
        "J. Smith",
        1,
        lease.licence.ends_on,
    )
    assert sorted(f.as_ordered() for f in new.licence_features.all()) == ["4d:1", "bim"]
    assert new.replaces == lease.licence
    assert not new.devices.exists()


def test_reactivated_the_old_one_is_closed(lease):
    licences.reactivate_lease(lease.licence, by=TESTER)

    lease.licence.refresh_from_db()
    assert lease.licence.state == LicenceState.CLOSED
    assert AuditEntry.objects.filter(action="state_changed").exists()
    with pytest.raises(errors.InvalidOperation, match="closed or replaced already"):
        licences.reactivate_lease(lease.licence, by=TESTER)


def test_reinstated_after_its_replacement_it_is_not_replaced_again(lease):
    licences.reactivate_lease(lease.licence, by=TESTER)
    licences.set_state(lease.licence, LicenceState.ACTIVE, by=TESTER)

    with pytest.raises(errors.InvalidOperation, match="replaced already"):
        licences.reactivate_lease(lease.licence, by=TESTER)


def test_other_licences_cannot_be_reactivated():
    with pytest.raises(errors.InvalidOperation, match="Only a lease licence"):
        licences.reactivate_lease(make_pool(1).licence, by=TESTER)
