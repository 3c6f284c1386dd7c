"""DELETE /api/v1/sessions/{id}/device: the program's Move Licence (FAQ)."""

from __future__ import annotations

import pytest

from licensing.models import Device
from tests.api.desktop import SESSIONS, bearer, open_session
from tests.factories import make_client, make_session

pytestmark = pytest.mark.django_db


def move(client, document):
    return client.delete(f"{SESSIONS}/{document['id']}/device", headers=bearer(document))


def test_unbinds_the_device_and_ends_the_session(client, single_user):
    document = open_session(client, single_user)

    response = move(client, document)

    assert (response.status_code, response.content) == (204, b"")
    assert not Device.objects.bound().exists()
    assert make_session(single_user, make_client())


def test_again_is_fine(client, single_user):
    document = open_session(client, single_user)
    move(client, document)

    assert move(client, document).status_code == 204


def test_of_a_pool_is_refused(client, pool):
    response = move(client, open_session(client, pool))

    assert (response.status_code, response.json()["code"]) == (409, "not_single_user")


def test_without_its_token_is_refused(client, single_user):
    document = open_session(client, single_user)

    response = client.delete(f"{SESSIONS}/{document['id']}/device")

    assert (response.status_code, response.json()["code"]) == (401, "token_invalid")


def test_a_fourth_time_needs_support(client, single_user):
    for number in range(3):
        move(client, open_session(client, single_user, machine_name=f"LAPTOP-{number}"))

    response = move(client, open_session(client, single_user, machine_name="LAPTOP-9"))

    assert (response.status_code, response.json()["code"]) == (409, "move_limit")
