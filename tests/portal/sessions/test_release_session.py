"""Releasing a session: one press, the seat is free at once, the client learns it."""

from __future__ import annotations

import re

import pytest
from django.contrib.messages import get_messages

from licensing import errors, sessions
from licensing.models import AuditEntry
from portal.sessions import releases
from tests.factories import TESTER, make_client, make_pool, make_session


def release(browser, session, **details):
    """Press Release."""
    headers = details.pop("headers", {})
    return browser.post(f"/sessions/{session.pk}/release/", details, headers=headers)


def said(response):
    """The messages that the next page will show."""
    return [(message.level_tag, str(message)) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def session(pool):
    """Somebody's session on a seat of the pool."""
    return make_session(pool, make_client(username="J. Smith", machine_name="CAD-017"))


def test_frees_the_seat_at_once(owner, account):
    key = make_pool(1, account=account)
    session = make_session(key)

    release(owner, session)

    _grant, created = sessions.check_out(key, make_client())
    assert created


def test_tells_the_client(owner, session):
    release(owner, session)

    with pytest.raises(errors.SessionReleased):
        sessions.refresh(session.pk)


def test_says_what_becomes_of_the_person(owner, pool, session):
    for _ in range(9):
        make_session(pool)

    response = release(owner, session)

    assert response["Location"] == "/sessions/"
    assert said(response)[0] == (
        "success",
        "Released J. Smith on CAD-017. 9 of 10 in use. "
        "They can keep working; the program takes a new seat if one is free. "
        "To keep somebody out, block them.",
    )


NOTE = "To keep somebody out, block them."


def test_tells_each_person_once_what_release_does_not_do(owner, manager, pool, session):
    told = [said(release(who, make_session(pool)))[-1][1] for who in (owner, owner, manager)]

    assert [NOTE in text for text in told] == [True, False, True]


def test_tells_it_to_scripts_in_the_same_toast(owner, session):
    text = release(owner, session, headers={"X-Requested-With": "release"}).text

    assert text.count("<undo-toast") == 1
    assert NOTE in text


@pytest.mark.parametrize(
    "headers", [{}, {"X-Requested-With": "release", "Referer": "http://testserver/sessions/"}]
)
def test_offers_to_block_whom_it_released(owner, session, headers):
    response = release(owner, session, headers=headers)
    text = response.text or owner.get("/sessions/").text

    assert f'href="/sessions/{session.pk}/block/?next=%2Fsessions%2F">Block J. Smith</a>' in text
    assert f'action="/sessions/{session.pk}/undo/"' in text


def test_goes_back_to_where_it_was_pressed(owner, session):
    response = release(owner, session, next="/sessions/?state=held&after=WzFd")

    assert response["Location"] == "/sessions/?state=held&after=WzFd"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:1"])
def test_never_goes_to_another_site(owner, session, elsewhere):
    assert release(owner, session, next=elsewhere)["Location"] == "/sessions/"


def test_is_recorded_with_its_reason(owner, session):
    release(owner, session, reason="On holiday until Monday")

    entry = AuditEntry.objects.first()
    assert (entry.action, entry.object_id, entry.reason) == (
        "session_released",
        str(session.pk),
        "On holiday until Monday",
    )
    assert entry.actor_name == "Priya Shah <priya@example.com>"


def test_a_reason_that_is_too_long_comes_back_to_be_shortened(owner, session):
    response = release(owner, session, reason="x" * 501)

    assert response.status_code == 422
    assert "x" * 501 in response.text
    assert sessions.refresh(session.pk)


def test_one_that_its_user_closed_says_so(owner, session):
    sessions.close(session.pk)

    [(tone, text)] = said(release(owner, session))

    assert tone == "info"
    assert text.startswith("This session ended at ")
    assert text.endswith(". Closed by its user.")


def test_one_that_was_put_back_and_then_closed_says_so_too(owner, session):
    release(owner, session)
    sessions.undo_release(session, by=TESTER)
    assert releases.already_over(session).startswith("This session has just taken a seat again.")
    sessions.close(session.pk)

    text = said(release(owner, session))[-1][1]

    assert text.startswith("This session ended at ")
    assert text.endswith(". Closed by its user.")


def test_one_released_before_says_by_whom(owner, session):
    release(owner, session)

    tone, text = said(release(owner, session))[-1]

    assert tone == "info"
    assert text.startswith("Priya Shah released this session at ")
    assert AuditEntry.objects.filter(action="session_released").count() == 1


def test_answers_a_script_in_place(owner, session):
    response = release(owner, session, headers={"X-Requested-With": "release"})

    assert response.status_code == 200
    assert re.search(
        r'<div data-toasts>\s*<undo-toast class="message message-success"', response.text
    )
    assert "Released J. Smith on CAD-017. 0 of 10 in use." in response.text
    assert said(response) == []


def test_a_viewer_changes_nothing(viewer, session):
    assert release(viewer, session).status_code == 403
    assert sessions.refresh(session.pk)


def test_another_account_changes_nothing(stranger, session):
    assert release(stranger, session).status_code == 404
    assert sessions.refresh(session.pk)
