"""Undo, for two minutes after a release."""

from __future__ import annotations

import pytest

from licensing import licences, sessions
from licensing.models import ClientSession
from tests.factories import TESTER, ago, make_client, make_pool, make_session
from tests.pages import last_entry, said


@pytest.fixture
def client_of_session():
    return make_client(username="J. Smith", machine_name="CAD-017")


@pytest.fixture
def session(account, client_of_session):
    """A session on the only seat of a pool."""
    return make_session(make_pool(1, account=account), client_of_session)


def undo(browser, session, **more):
    return browser.post(f"/sessions/{session.pk}/undo/", more)


def release(browser, session, **more):
    return browser.post(f"/sessions/{session.pk}/release/", {"next": "/sessions/?q=x"}, **more)


def test_a_release_offers_it_without_scripts(owner, session):
    release(owner, session)

    text = owner.get("/sessions/?q=x").text

    assert f'action="/sessions/{session.pk}/undo/"' in text
    assert '<input type="hidden" name="next" value="/sessions/?q=x">' in text


def test_a_release_offers_it_in_place(owner, session):
    here = {"X-Requested-With": "release", "Referer": "http://testserver/sessions/?q=x"}

    text = release(owner, session, headers=here).text

    assert f'action="/sessions/{session.pk}/undo/"' in text
    assert '<input type="hidden" name="next" value="/sessions/?q=x">' in text


def test_puts_it_back(owner, session):
    release(owner, session)

    response = undo(owner, session, next="/sessions/?q=x")

    assert response["Location"] == f"/sessions/?q=x#release-{session.pk}"  # it has the focus then
    assert said(response)[-1] == ("success", "Put back. 1 of 1 in use.")
    assert last_entry()[0] == "release_undone"
    assert sessions.refresh(session.pk)


def test_says_that_the_seat_is_taken(owner, session):
    release(owner, session)
    make_session(session.key)

    assert said(undo(owner, session))[-1] == (
        "warning",
        "The seat has been taken since, so it can't be put back.",
    )


def test_is_not_offered_in_a_pool_over_its_limit(owner, session):
    licences.set_seats(session.licence, 3, by=TESTER)
    for _another in range(2):
        make_session(session.key)
    licences.set_seats(session.licence, 1, by=TESTER)

    text = release(owner, session, headers={"X-Requested-With": "release"}).text

    assert "2 of 1 in use." in text
    assert "&#x27;t be put back: all seats are in use." in text
    assert "/undo/" not in text
    assert f"/sessions/{session.pk}/block/" in text
    assert "Released</span>" in text
    assert said(undo(owner, session))[-1] == (
        "warning",
        "It can't be put back: all seats are in use.",
    )


def test_says_that_they_have_a_seat_again(owner, session, client_of_session):
    release(owner, session)
    make_session(session.key, client_of_session)

    assert said(undo(owner, session))[-1] == ("warning", "J. Smith already has a seat again.")


def test_says_that_it_is_too_late(owner, session):
    release(owner, session)
    ClientSession.objects.update(started_at=ago(minutes=5), ended_at=ago(seconds=121))

    assert said(undo(owner, session))[-1] == ("warning", "Too late to undo.")


def test_says_why_else_it_cannot(owner, session):
    release(owner, session)
    session.key.licence.account.licences.update(state="suspended")

    assert said(undo(owner, session))[-1] == (
        "warning",
        "It can't be put back: This licence is suspended. Ask whoever manages your licences.",
    )


def test_is_for_managers_of_the_account(viewer, stranger, owner, session):
    release(owner, session)

    assert undo(viewer, session).status_code == 403
    assert undo(stranger, session).status_code == 404
    assert not ClientSession.objects.active().exists()
