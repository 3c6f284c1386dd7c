"""Freeing the devices of many single-user licences: what is said before, asked and done."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest

from licensing import devices, sessions
from licensing.models import AuditEntry, Device
from portal.licences import bulk_devices
from portal.licences.bulk_devices import Plan
from portal.licences.rows import LicenceRow
from tests import bulk
from tests.factories import TESTER, make_client, make_session, make_single_user
from tests.pages import said

ADDRESS = "/licences/free-devices/"
ask, confirm = partial(bulk.ask, ADDRESS), partial(bulk.confirm, ADDRESS)


@pytest.fixture
def keys(account):
    """One licence in use, one whose program was closed, one without a device."""
    in_use, closed, unused = (
        make_single_user(account=account, name=name) for name in ("Anna", "Bert", "Cleo")
    )
    make_session(in_use, make_client(machine_name="LT-1", username="anna"))
    session = make_session(closed, make_client(machine_name="LT-2", username="bert"))
    sessions.close(session.pk)
    return [in_use, closed, unused]


def ids(keys):
    return [str(key.licence_id) for key in keys]


def bound():
    return sorted(Device.objects.bound().values_list("machine_name", flat=True))


def move_often(key, times=3):
    """Use moves up: a machine of its own each time."""
    for _ in range(times):
        make_session(key)
        devices.free(Device.objects.bound().get(licence=key.licence), by=TESTER)


def test_one_that_moved_meanwhile_is_not_told_as_refused(pool, keys):
    rows = [LicenceRow(licence=key.licence, in_use=0) for key in keys[:1]]
    planned = bulk_devices.plan(rows)
    devices.free(planned.devices[0], by=TESTER)
    move_often(keys[0], times=2)

    assert bulk_devices.free(planned, by=TESTER, reason="") == (0, 1, Plan())


def test_says_what_it_does(owner, pool, keys):
    response = ask(owner, chosen=[*ids(keys), pool.licence_id])

    assert "Free 2 devices?" in response.text
    assert response.context["effects"] == [
        "Their seats are free at once for other devices: LT-1 (Anna), LT-2 (Bert).",
        "1 is in use now: anna on LT-1. Nothing is closed: a program that is open stays open. "
        "When it starts there again, it takes the seat only if no other device has it.",
        "Offline, the program may still run on them until its grace period ends.",
        "1 pool was chosen too: it binds no device, and nothing changes for it.",
        "1 licence has no device now.",
    ]
    assert bound() == ["LT-1", "LT-2"]


def test_frees_what_was_ticked_each_with_an_entry(manager, keys):
    page = ask(manager, "q=e", chosen=ids(keys[:2]))

    response = confirm(manager, page, "q=", chosen=ids(keys[:2]), reason="New laptops")

    assert said(response) == [
        ("success", "Freed 2 devices. The next devices that open the program get their seats.")
    ]
    assert bound() == []
    entries = AuditEntry.objects.filter(action="device_freed")
    assert {(entry.object_name, entry.reason) for entry in entries} == {
        ("LT-1", "New laptops"),
        ("LT-2", "New laptops"),
    }


def test_says_of_each_licence_what_cannot_move(owner, keys):
    move_often(keys[2])
    make_session(keys[2], make_client(machine_name="LT-3"))
    page = ask(owner, all="1")

    response = confirm(owner, page, all="1", reason="New laptops")

    assert page.context["effects"][-1] == (
        "Cleo has used its moves of the last 30 days, three for each seat: 1 of its devices "
        "stays bound. Support can free it for you."
    )
    assert response.status_code == 302
    assert bound() == ["LT-3"]


def test_one_whose_last_move_is_gone_meanwhile_is_told(account):
    key = make_single_user(2, account=account, name="Dora")
    move_often(key, times=5)
    for name in ("LT-4", "LT-5"):
        make_session(key, make_client(machine_name=name))
    planned = Plan(devices=list(Device.objects.bound().order_by("pk")))

    freed, moved, refused = bulk_devices.free(planned, by=TESTER, reason="New laptops")

    assert (freed, moved, refused.beyond) == (1, 0, [(key.licence, 1)])
    assert bound() == ["LT-5"]


def test_goes_by_who_was_not_heard_of_for_longest(owner, account):
    key = make_single_user(2, account=account, name="Training room")
    move_often(key, times=5)
    make_session(key, make_client(machine_name="TR-1"))
    make_session(key, make_client(machine_name="TR-2"), refreshed=dt.timedelta(days=3))

    effects = ask(owner, chosen=ids([key])).context["effects"]

    assert effects[0] == ("Its seat is free at once for another device: TR-2 (Training room).")
    assert "1 of its devices stays bound" in effects[-1]


def test_a_viewer_is_not_offered_it(viewer, keys):
    assert "Free device" not in viewer.get("/licences/").text


def test_nothing_to_free_says_so(owner, pool):
    only_a_pool = ask(owner, chosen=ids([pool]))

    assert only_a_pool.status_code == 422
    assert "None of the chosen licences has a device that can be freed now." in only_a_pool.text


@pytest.mark.parametrize("licences", [1, 3])
def test_needs_as_many_queries_for_many_licences(
    owner, account, django_assert_num_queries, licences
):
    made = [make_single_user(account=account) for _ in range(licences)]
    for key in made:
        make_session(key)

    with django_assert_num_queries(12):
        ask(owner, chosen=ids(made))
