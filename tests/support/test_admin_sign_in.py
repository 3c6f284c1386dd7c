"""Who gets into the admin and the support desk, and by which door."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import UserFactory
from tests.people import signed_in


@pytest.fixture
def holder(db) -> Client:
    """Somebody who is signed in and not of the vendor's staff."""
    return signed_in(UserFactory())


def test_strangers_sign_in_by_the_one_form(client, db):
    answer = client.get("/admin/licensing/clientsession/", follow=True)

    assert answer.request["PATH_INFO"] == "/accounts/login/"


def test_others_get_no_second_form(holder):
    answer = holder.get("/admin/", follow=True)

    assert answer.status_code == 403
    assert b"password" not in answer.content


def test_staff_get_in(support, settings):
    answer = support.get("/admin/")

    assert answer.status_code == 200
    assert settings.BRAND_NAME in answer.text


def test_the_admin_leads_staff_to_the_console_and_back(support):
    assert 'href="/support/"' in support.get("/admin/").text
    assert 'href="/admin/"' in support.get("/support/").text


def test_for_others_there_is_no_support_desk(holder, client):
    assert holder.get("/support/").status_code == 404
    assert client.get("/support/").headers["Location"] == "/accounts/login/?next=/support/"


def test_a_password_is_changed_by_the_one_form(support):
    answer = support.get("/admin/password_change/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/password/change/")


def test_a_refusal_tells_staff_whom_to_ask(support, pool):
    page = support.get(f"/support/acts/licence/seats/?id={pool.licence_id}")

    assert page.status_code == 403
    assert "none of your staff groups has" in page.text
