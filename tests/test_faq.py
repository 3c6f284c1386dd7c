"""What the FAQ says, question by question."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import devices, errors, keys, leases, licences, pools, rules, sessions
from licensing.api.documents import session_document
from licensing.licences import Order
from licensing.models import ClientSession, Device
from licensing.models.licences import UsageModel
from licensing.rules import NewRule
from portal.models import Role
from tests.factories import (
    TESTER,
    MembershipFactory,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)

pytestmark = pytest.mark.django_db


def can_open(key, client=None) -> bool:
    try:
        sessions.check_out(key, client or make_client())
    except errors.LicensingError:
        return False
    return True


def test_what_is_cloud_connected_licensing():
    """Two usage models, supported from version 16."""
    concurrent, single = make_pool(1), make_single_user(1)

    assert [key.licence.usage_model for key in (concurrent, single)] == [
        UsageModel.CONCURRENT,
        UsageModel.SINGLE_USER,
    ]
    assert not can_open(concurrent, make_client(version="15.2"))
    assert can_open(concurrent, make_client(version="16.0"))


def test_how_does_cloud_connected_licensing_work():
    """A serial number and a product key open the customer's licences."""
    key = make_pool(1)

    grant, created = sessions.check_out_with_key(key.serial_number, key.plain, make_client())

    assert created
    assert grant.serial_number == key.serial_number


def test_do_i_need_an_internet_connection_to_get_started():
    """Yes; from then on the signed lease opens the program through the grace period."""
    grant, _ = sessions.check_out(make_pool(1), make_client())

    document = session_document(grant)

    assert document.lease == leases.sign(grant)
    assert document.grace_until == grant.grace_until.replace(microsecond=0)


def test_how_do_single_user_connected_licences_work():
    """One device, until the licence is moved."""
    key = make_single_user()
    session = make_session(key, make_client(machine_name="OLD"))
    assert not can_open(key, make_client(machine_name="NEW"))

    devices.move(session.pk)

    assert can_open(key, make_client(machine_name="NEW"))


def test_how_do_concurrent_user_connected_licences_work():
    """Ten licences, ten users; the eleventh is told; when one closes there is room for one."""
    key = make_pool(10)
    held = [make_session(key) for _ in range(10)]
    with pytest.raises(errors.PoolExhausted, match="Not enough licences are available"):
        sessions.check_out(key, make_client())

    sessions.close(held[0].pk)

    assert can_open(key)
    assert not can_open(key)


def test_can_we_add_more_cloud_concurrent_licences_to_our_licence_pool():
    key = make_pool(1)
    make_session(key)

    licences.set_seats(key.licence, 2, by=TESTER)

    assert can_open(key)


def test_are_end_users_notified_if_there_is_no_licence_availability():
    """In a sentence fit to show a person."""
    key = make_pool(1)
    make_session(key)

    with pytest.raises(errors.PoolExhausted) as refusal:
        sessions.check_out(key, make_client())

    assert str(refusal.value).startswith(
        "Not enough licences are available: all of them are in use."
    )


def test_does_cloud_connected_licensing_work_in_a_citrix_or_equivalent_setup():
    """A licence is consumed per Citrix session."""
    key = make_pool(5)
    for os_session in ("1", "2", "2"):
        sessions.check_out(
            key, make_client(machine_name="CTX", username="anna", os_session=os_session)
        )

    assert pools.in_use(key.licence) == 2


def test_what_do_we_do_if_our_key_is_being_used_by_unauthorised_users():
    """See who uses a licence; revoke and reissue."""
    key = make_pool(2)
    make_session(key, make_client(machine_name="STRANGER"))

    seen = key.licence.sessions.active().values_list("machine_name", flat=True)
    new, plain = keys.reissue(key, by=TESTER, reason="Leaked")

    assert list(seen) == ["STRANGER"]
    key.refresh_from_db()
    with pytest.raises(errors.KeySuperseded):
        sessions.check_out(key, make_client())
    assert sessions.check_out_with_key(new.serial_number, plain, make_client())


def test_what_do_i_do_if_someone_leaves_the_company():
    """Their access is revoked, and nobody else's."""
    key = make_pool(2)
    rules.add(key.account, NewRule(username="ACME\\leaver"), by=TESTER, reason="Left")

    assert not can_open(key, make_client(username="acme\\Leaver"))
    assert can_open(key, make_client(username="ACME\\other"))


def test_what_happens_if_a_user_goes_on_holiday_and_forgets_to_release_a_licence():
    key = make_pool(1)
    forgotten = make_session(key, refreshed=dt.timedelta(days=1))

    sessions.release(forgotten, by=TESTER, reason="On holiday")

    assert can_open(key)


def test_can_a_new_product_key_be_easily_distributed_if_a_key_has_been_compromised():
    """Open sessions go on; on restart the new key is picked up, and nobody is kept waiting."""
    key = make_pool(2)
    client = make_client()
    session = make_session(key, client)

    new, plain = keys.reissue(key, by=TESTER, reason="Leaked")

    assert sessions.refresh(session.pk)
    sessions.close(session.pk)
    assert sessions.check_out_with_key(new.serial_number, plain, client)


@pytest.mark.parametrize(
    ("make", "grace"),
    [(make_single_user, dt.timedelta(days=30)), (make_pool, dt.timedelta(hours=48))],
)
def test_what_is_a_single_user_grace_period_and_a_concurrent_user_grace_period(make, grace):
    """30 days and 48 hours; nothing is force-closed when they are over."""
    key = make(1)
    grant, _ = sessions.check_out(key, make_client())
    assert grant.grace_until - grant.server_time == grace

    session = ClientSession.objects.get()
    ClientSession.objects.update(refreshed_at=session.refreshed_at - grace * 2)

    assert sessions.refresh(session.pk).session_id == session.pk


def test_we_will_continue_to_support_all_lease_licences():
    """They are honoured; reactivated they are cloud connected single-user licences."""
    lease, plain = licences.take_over_lease(Order(account_name="Brook", seats=1), by=TESTER)
    assert sessions.check_out_with_key(lease.serial_number, plain, make_client())

    new, plain = licences.reactivate_lease(lease.licence, by=TESTER)

    assert new.licence.usage_model == UsageModel.SINGLE_USER
    assert sessions.check_out_with_key(new.serial_number, plain, make_client())


@pytest.fixture
def portal(client):
    """The portal of an account with a pool of BIM licences and a single-user licence."""
    membership = MembershipFactory(role=Role.OWNER)
    client.force_login(membership.user)
    client.pool = make_pool(7, account=membership.account, features=["bim"], name="Planners")
    client.single = make_single_user(1, account=membership.account, name="Site laptop")
    return client


def test_what_is_the_customer_account_portal_product_keys(portal):
    """Pools and single-user licences separately, each with user limit and serial number."""
    page = portal.get("/licences/").text

    pools_part, single_part = page.split("Single User Licences")[-2:]
    assert "Concurrent User Licence Pools" in page
    assert portal.pool.serial_number in pools_part
    assert portal.single.serial_number in single_part
    assert "BIM" in portal.get(f"/licences/{portal.pool.licence_id}/").text


def test_what_is_the_customer_account_portal_sessions(portal):
    """All users that have an active session, and when it was last refreshed."""
    session = make_session(portal.pool, make_client(username="ACME\\jsmith"))

    page = portal.get("/sessions/").text

    assert "ACME\\<wbr>jsmith" in page
    assert f'data-session="{session.pk}"' in page
    assert session.refreshed_at.strftime("%Y-%m-%dT%H:%M") in page


def test_how_are_cloud_concurrent_licence_user_sessions_identified():
    """By machine name and username."""
    key = make_pool(5)
    for machine_name, username in [("A", "anna"), ("A", "ben"), ("B", "anna"), ("a", "Anna")]:
        make_session(key, make_client(machine_name=machine_name, username=username))

    assert pools.in_use(key.licence) == 3


def test_when_do_licences_get_consumed_and_freed_up():
    """When the program is opened, and when it is closed with a connection."""
    key = make_pool(1)
    session = make_session(key)
    assert pools.in_use(key.licence) == 1

    sessions.close(session.pk)

    assert pools.in_use(key.licence) == 0


def test_otherwise_it_is_held_by_that_user_indefinitely_until_they_start_up_with_a_connection():
    """Under the Hold policy."""
    key = make_pool(1, policy=licences.HOLD)
    client = make_client()
    make_session(key, client, refreshed=dt.timedelta(days=99))
    sessions.reclaim_stale()
    assert not can_open(key)

    grant, created = sessions.check_out(key, client)
    sessions.close(grant.session_id)

    assert not created
    assert can_open(key)


def test_is_licensing_sensitive_to_hardware_changes():
    """No: a device is its name."""
    key = make_single_user()
    sessions.close(make_session(key, make_client(machine_name="LAPTOP-1")).pk)

    assert can_open(key, make_client(machine_name="LAPTOP-1"))
    assert Device.objects.count() == 1
