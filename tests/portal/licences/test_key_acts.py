"""Adding, labelling and revoking product keys, and ending an overlap."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import errors, keys, sessions
from licensing.models import ClientSession, ProductKey
from tests.factories import TESTER, make_client, make_session, move_back
from tests.pages import last_entry, said
from tests.people import unsure

WEEK = dt.timedelta(days=7)


def page_of(key, act):
    return f"/licences/{key.licence_id}/keys/{key.pk}/{act}/"


@pytest.fixture
def replaced(pool):
    """A key in overlap."""
    keys.reissue(pool, by=TESTER, overlap=WEEK)
    pool.refresh_from_db()
    return pool


def revoke(browser, key, **asked):
    """Confirm the page of the act."""
    return browser.post(page_of(key, "revoke"), {"reason": "Leaked"} | asked)


def test_adds_a_key_for_an_office(manager, pool):
    manager.post(
        f"/licences/{pool.licence_id}/keys/add/", {"label": "Leeds", "reason": "New office"}
    )

    new = ProductKey.objects.latest("pk")
    assert (new.licence_id, new.label, new.state) == (pool.licence_id, "Leeds", "active")
    assert last_entry()[:2] == ("key_issued", "New office")


def test_labels_a_key(manager, pool):
    manager.post(page_of(pool, "label"), {"label": " London office "})

    pool.refresh_from_db()
    assert pool.label == "London office"
    assert last_entry()[0] == "key_labelled"


def test_the_same_label_changes_nothing(manager, pool):
    before = last_entry()

    manager.post(page_of(pool, "label"), {"label": pool.label})

    assert last_entry() == before


def test_revokes_a_key_once_its_serial_number_was_typed(owner, pool):
    revoke(owner, pool, serial_number=pool.serial_number.lower())

    pool.refresh_from_db()
    assert pool.state == "revoked"
    assert last_entry()[:2] == ("key_revoked", "Leaked")
    with pytest.raises(errors.KeyRevoked):
        sessions.check_out(pool, make_client())


def test_ends_its_sessions_too_if_that_is_wanted(owner, pool):
    make_session(pool)

    revoke(owner, pool, serial_number=pool.serial_number, end_sessions="on")

    assert not ClientSession.objects.active().exists()


def test_another_serial_number_revokes_nothing(owner, pool):
    response = revoke(owner, pool, serial_number="7Q2X-4M8K-9D3T")

    pool.refresh_from_db()
    assert (response.status_code, pool.state) == (422, "active")


def test_asks_again_when_it_changed_meanwhile(owner, pool):
    response = revoke(owner, pool, serial_number=pool.serial_number, seen="As it was.")

    pool.refresh_from_db()
    assert (response.status_code, pool.state) == (422, "active")
    assert "This changed while you were reading." in response.text


def test_asks_for_the_password_first(owner, pool):
    response = unsure(owner).get(page_of(pool, "revoke"))

    assert response.status_code == 302
    assert "reauthenticate" in response["Location"]


def test_asks_again_when_one_machine_went_and_another_came(owner, pool):
    gone = make_session(pool, refreshed=dt.timedelta(days=29))
    page = owner.get(page_of(pool, "revoke"))
    move_back(gone, dt.timedelta(days=2))
    sessions.close(gone.pk)
    make_session(pool)

    response = revoke(owner, pool, serial_number=pool.serial_number, seen=page.context["seen"])

    assert owner.get(page_of(pool, "revoke")).context["effects"] == page.context["effects"]
    assert response.status_code == 422


def end_overlap(browser, key, reason):
    """Confirm the page of the act."""
    return browser.post(page_of(key, "end-overlap"), {"reason": reason})


def test_ends_an_overlap(manager, replaced):
    end_overlap(manager, replaced, "All moved")

    replaced.refresh_from_db()
    assert last_entry()[:2] == ("overlap_ended", "All moved")
    with pytest.raises(errors.KeySuperseded):
        sessions.check_out(replaced, make_client())


def test_an_overlap_ends_once(manager, replaced):
    end_overlap(manager, replaced, "All moved")

    response = manager.post(page_of(replaced, "end-overlap"), {"reason": "Again"})

    assert said(response)[-1] == ("info", "This key is in no overlap any more.")


@pytest.mark.parametrize("act", ["label", "revoke", "end-overlap"])
def test_viewers_may_not(viewer, stranger, staff, replaced, act):
    address = page_of(replaced, act)

    assert [browser.post(address).status_code for browser in (viewer, stranger, staff)] == [
        403,
        404,
        404,
    ]
