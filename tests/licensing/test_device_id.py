"""Cloned machines of one name are told apart by an id of their installation."""

from __future__ import annotations

import pytest

from licensing import sessions
from licensing.models import ClientSession
from tests.factories import TESTER, make_client, make_session, make_single_user

pytestmark = pytest.mark.django_db

ANNA = {"machine_name": "IMAGE", "username": "ACME\\anna"}


def test_two_clones_take_a_seat_each(pool):
    first, _ = sessions.check_out(pool, make_client(**ANNA, device_id="one"))
    second, created = sessions.check_out(pool, make_client(**ANNA, device_id="two"))

    assert created
    assert first.session_id != second.session_id
    kept = set(ClientSession.objects.values_list("machine_name", "username", "device_id"))
    assert kept == {("IMAGE", "ACME\\anna", "one"), ("IMAGE", "ACME\\anna", "two")}


def test_the_same_device_keeps_its_session_and_only_exactly_the_same(pool):
    held = make_session(pool, make_client(**ANNA, device_id="One"))

    again, _ = sessions.check_out(pool, make_client(**ANNA, device_id="One"))
    other, _ = sessions.check_out(pool, make_client(**ANNA, device_id="one"))

    assert again.session_id == held.pk != other.session_id


def test_who_gives_none_is_who_they_were_before_there_were_any():
    """Sessions that are open while the service is updated go on."""
    client = make_client(machine_name="CAD-017", username="ACME\\jsmith", os_session="3")

    assert str(client.identity) == "e80d459b-0bb6-54c1-943f-a2f066e932d9"


def test_closing_one_clone_leaves_the_other(pool):
    one, two = (make_session(pool, make_client(**ANNA, device_id=name)) for name in ("1", "2"))

    sessions.close(one.pk)

    assert list(ClientSession.objects.active()) == [two]


def test_a_release_of_one_clone_can_be_undone_beside_the_other(pool):
    one, two = (make_session(pool, make_client(**ANNA, device_id=name)) for name in ("1", "2"))
    sessions.release(one, by=TESTER)

    sessions.undo_release(one, by=TESTER)

    assert set(ClientSession.objects.active()) == {one, two}


def test_a_single_user_device_is_known_by_its_name():
    key = make_single_user()
    sessions.close(make_session(key, make_client(**ANNA, device_id="one")).pk)

    _, created = sessions.check_out(key, make_client(**ANNA, device_id="two"))

    assert created
