"""Revealing a product key: asked for again, recorded, shown once."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from licensing.models import AuditEntry
from portal.models import Role
from portal.views.licences.deployment import defaults
from tests.factories import PASSWORD, make_pool
from tests.people import browser_of, unsure


@pytest.fixture
def address(pool):
    """Where Reveal posts to."""
    return f"/licences/{pool.licence_id}/keys/{pool.pk}/reveal/"


def test_asks_for_the_password_first_although_just_signed_in(client, pool, address, owner):
    response = unsure(owner).post(address)

    assert response["Location"] == f"/accounts/reauthenticate/?next={address.replace('/', '%2F')}"
    assert not AuditEntry.objects.filter(action="key_revealed").exists()


def test_goes_on_to_the_key_after_the_password(owner, pool, address):
    unsure(owner).post(address)

    response = owner.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": address})

    assert pool.plain in response.text
    assert response["Cache-Control"] == "no-store"


def test_a_wrong_password_reveals_nothing(owner, pool, address):
    unsure(owner).post(address)

    response = owner.post("/accounts/reauthenticate/", {"password": "wrong", "next": address})

    assert pool.plain not in response.text
    assert "Location" in owner.post(address)


def test_shows_the_key_in_the_answer_alone(owner, pool, address):
    response = owner.post(address)

    assert pool.plain in response.text
    assert response["Cache-Control"] == "no-store"
    assert pool.plain not in owner.get(f"/licences/{pool.licence_id}/").text


def test_answers_a_script_with_the_value(owner, pool, address):
    response = owner.post(address, headers={"Accept": "application/json"})

    assert response.json() == {"value": pool.plain}
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("door", ["keys/{key}/reveal/", "deployment/download/"])
def test_staff_who_are_in_the_account_read_it_by_no_door(account, pool, door):
    anna = browser_of(account, Role.MANAGER, is_staff=True)

    path = f"/licences/{pool.licence_id}/" + door.format(key=pool.pk)
    response = anna.post(path, defaults(pool.licence))

    assert response.status_code == 403
    assert "Nobody of our staff sees a product key." in response.text
    assert pool.plain not in response.text


def test_is_recorded_without_the_key(owner, pool, address):
    owner.post(address)

    entry = AuditEntry.objects.first()
    assert (entry.action, entry.object_id) == ("key_revealed", str(pool.pk))
    assert pool.plain not in str(entry.details) + entry.object_name + entry.reason


def test_lasts_ten_minutes(owner, address):
    now = dt.datetime.now(dt.UTC)

    answers = []
    for minutes in (9, 11):
        with time_machine.travel(now + dt.timedelta(minutes=minutes)):
            answers.append(owner.post(address).status_code)

    assert answers == [200, 302]


def test_finds_no_key_under_another_licence(owner, account, pool):
    other = make_pool(account=account)

    response = owner.post(f"/licences/{other.licence_id}/keys/{pool.pk}/reveal/")

    assert response.status_code == 404
