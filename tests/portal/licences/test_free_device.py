"""Freeing the device of a single-user licence."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import devices, errors, sessions
from licensing.models import AccessRule, AuditEntry, ClientSession, Device
from tests.factories import (
    TESTER,
    ago,
    make_client,
    make_pool,
    make_session,
    make_single_user,
    move_back,
)
from tests.pages import last_entry, said

PRIYA, TOM = "Priya Shah <priya@example.com>", "Tom Reed <tom@example.com>"


@pytest.fixture
def key(account):
    """The key of a licence with one seat."""
    return make_single_user(account=account, name="Estimator")


@pytest.fixture
def device(key):
    """The device that its seat is bound to; the program is open there."""
    make_session(key, make_client(machine_name="SITE-09", username="ACME\\jsmith"))
    return Device.objects.get(licence=key.licence)


def page_of(device):
    """The page that asks."""
    return f"/licences/{device.licence_id}/devices/{device.pk}/free/"


def use_up_moves(key):
    """Three moves, each to a machine of its own."""
    for _ in range(3):
        make_session(key)
        devices.free(Device.objects.bound().get(licence=key.licence), by=TESTER)


def test_says_what_happens_and_asks_why(owner, device):
    text = owner.get(page_of(device)).text

    assert "Free the device SITE-09?" in text
    assert "Its seat of Estimator is free at once for another device." in text
    assert "Nothing is closed on SITE-09: a program that is open stays open." in text
    assert "Offline, the program may still run there until " in text
    assert "3 moves are left for this licence in these 30 days; this uses one." in text
    move_back(ClientSession.objects.get(), dt.timedelta(days=60))
    assert "Offline, the program may still run" not in owner.get(page_of(device)).text


@pytest.mark.parametrize(("who", "name"), [("owner", PRIYA), ("manager", TOM)])
def test_lets_another_device_take_the_seat(request, who, name, key, device):
    browser = request.getfixturevalue(who)

    response = browser.post(page_of(device), {"reason": "New laptop"})

    assert response["Location"] == f"/licences/{key.licence_id}/#devices"
    assert said(response) == [
        ("success", "SITE-09 is freed. The next device that opens Estimator gets its seat.")
    ]
    assert last_entry() == ("device_freed", "New laptop", name)
    _grant, created = sessions.check_out(key, make_client(machine_name="SITE-10"))
    assert created


def test_a_lost_one_is_written_off_and_blocked_in_every_licence(manager, account, key, device):
    response = manager.post(page_of(device), {"reason": "Left on the train", "lost": "on"})

    device.refresh_from_db()
    assert (device.unbinding, device.lease_until is not None) == ("written_off", True)
    told = "SITE-09 is written off and blocked. The next device that opens Estimator gets its seat."
    assert said(response) == [("success", told)]
    entries = AuditEntry.objects.order_by("pk").values_list("action", "reason")
    assert list(entries)[-2:] == [
        ("device_written_off", "Left on the train"),
        ("rule_added", "Left on the train"),
    ]
    with pytest.raises(errors.AccessBlocked):
        sessions.check_out(make_pool(account=account), make_client(machine_name="site-09"))
    assert sessions.check_out(key, make_client(machine_name="SITE-10"))


def test_what_was_lost_too_often_is_for_support(owner, key):
    for number in range(4):
        make_session(key, make_client(machine_name=f"SITE-{number}"))
        device = Device.objects.bound().get()
        response = owner.post(page_of(device), {"reason": "Lost", "lost": "on"})

    assert response.status_code == 422
    [told] = response.context["form"].non_field_errors()
    assert told.startswith(
        "This licence was moved three times in 30 days. You can move it again on"
    )
    assert AccessRule.objects.count() == 3
    assert Device.objects.bound().get() == device


def test_one_that_has_moved_meanwhile_is_not_blocked(owner, device):
    devices.free(device, by=TESTER)

    owner.post(page_of(device), {"reason": "Lost", "lost": "on"})

    assert not AccessRule.objects.exists()


def test_asks_for_a_reason(owner, device):
    response = owner.post(page_of(device), {"reason": ""})

    assert response.status_code == 422
    assert "Say why, in a few words." in response.text
    assert Device.objects.bound().count() == 1


def test_keeps_a_reason_that_is_too_long(owner, device):
    response = owner.post(page_of(device), {"reason": "x" * 501})

    assert response.status_code == 422
    assert "x" * 501 in response.text


def test_one_that_has_moved_meanwhile_says_so(owner, device):
    devices.free(device, by=TESTER)

    answers = [owner.get(page_of(device)), owner.post(page_of(device), {"reason": "New laptop"})]

    for answer in answers:
        (tone, text) = said(answer)[-1]
        assert tone == "info"
        assert text.startswith("SITE-09 was moved away already, at ")
    assert AuditEntry.objects.filter(action="device_freed").count() == 1


def test_beyond_three_moves_says_whom_to_ask(owner, key):
    use_up_moves(key)
    session = make_session(key)
    device = Device.objects.bound().get(licence=key.licence)

    response = owner.post(page_of(device), {"reason": "Again"})

    assert response.status_code == 422
    assert "Support can free the device for you." in response.text
    assert 'href="mailto:' in response.text
    assert sessions.refresh(session.pk)


def test_the_licence_lists_what_became_of_devices(owner, key, device):
    devices.write_off(device, by=TESTER)
    make_session(key, make_client(machine_name="SITE-10"))

    for name, gone, until in (("OLD-1", 40, 1), ("OLD-2", 40, -1), ("OLD-3", 5, -1)):
        Device.objects.create(
            account_id=key.account_id, licence=key.licence, machine=name, machine_name=name,
            unbound_at=ago(days=gone), lease_until=ago(days=-until), unbinding="freed",
        )  # fmt: skip

    page = owner.get(f"/licences/{key.licence_id}/")

    text, rows = page.text, page.context["page"].devices
    may_run = {row.device.machine_name: row.may_run_until is not None for row in rows}
    assert may_run == {"SITE-10": False, "SITE-09": True, "OLD-1": True, "OLD-3": False}
    assert (rows[0].device.machine_name, page.context["page"].bound) == ("SITE-10", 1)
    assert "Written off: may still run until " in text
    assert text.index("SITE-10") < text.index("SITE-09")
    assert text.count(">Free device<") == 1
    assert "Users can also do this with Move Licence in the program." in text


def test_a_viewer_may_not(viewer, owner, device):
    assert viewer.get(page_of(device)).status_code == 403
    assert viewer.post(page_of(device), {"reason": "x"}).status_code == 403
    assert "Free device<" not in viewer.get(f"/licences/{device.licence_id}/").text
    assert Device.objects.bound().count() == 1


def test_another_account_finds_nothing_nor_does_another_licence(stranger, owner, account, device):
    device.licence_id, own = make_single_user(account=account).licence_id, page_of(device)

    assert stranger.post(own, {"reason": "x"}).status_code == 404
    assert owner.post(page_of(device), {"reason": "x"}).status_code == 404
    assert Device.objects.bound().count() == 1


def test_strangers_sign_in_first(client, device):
    assert client.get(page_of(device))["Location"].startswith("/accounts/login/?next=")


def test_needs_few_queries(owner, device, django_assert_num_queries):
    with django_assert_num_queries(6):
        owner.get(page_of(device))
