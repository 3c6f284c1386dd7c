"""Releasing many sessions: what is said before, what is asked, what is done."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest

from licensing import sessions
from licensing.models import AuditEntry, ClientSession
from tests import bulk
from tests.factories import make_client, make_pool, make_session
from tests.pages import said

ADDRESS = "/sessions/release/"
ask, confirm = partial(bulk.ask, ADDRESS), partial(bulk.confirm, ADDRESS)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def three(pool):
    """One at work, one that is quiet and one that is held."""
    return [
        make_session(pool, make_client(username="anna")),
        make_session(pool, make_client(username="bert"), refreshed=HOUR / 6),
        make_session(pool, make_client(username="cleo"), refreshed=49 * HOUR),
    ]


def ids(rows):
    return [str(row.pk) for row in rows]


def still_open():
    return sorted(ClientSession.objects.active().values_list("username", flat=True))


def test_says_what_it_does(owner, three):
    text = ask(owner, chosen=ids(three)).text

    assert "Release 3 sessions?" in text
    assert "1 is active: they can keep working and may take a seat again." in text
    assert "1 is quiet: they can keep working and may take a seat again." in text
    assert "1 is held." in text
    assert [name for name in ("anna on ", "bert on ", "cleo on ") if name not in text] == []
    assert still_open() == ["anna", "bert", "cleo"]


def test_names_the_first_of_many_and_counts_the_rest(owner, account):
    pool = make_pool(account=account, seats=12)
    many = [make_session(pool, make_client(username=f"u{n:02}")) for n in range(12)]

    page = ask(owner, chosen=ids(many))

    assert page.text.count('<li class="anywhere">u') == 10
    assert "and 2 more" in page.text
    assert "u10 on " not in page.text


def test_releases_what_was_ticked_each_with_an_entry(owner, three):
    chosen = ids(three[:2])
    page = ask(owner, "sort=user", chosen=chosen)

    response = confirm(owner, page, "sort=user", chosen=chosen, reason="Left for the day")

    assert response["Location"] == "/sessions/?sort=user"
    assert said(response) == [("success", "Released 2 sessions. Their seats are free.")]
    assert still_open() == ["cleo"]
    entries = AuditEntry.objects.filter(action="session_released")
    assert {entry.object_id for entry in entries} == set(chosen)
    assert {entry.reason for entry in entries} == {"Left for the day"}


def test_releases_all_that_match(owner, account, three):
    make_session(make_pool(account=account, name="Tender"), make_client(username="dora"))
    page = ask(owner, "q=pool:london", all="1")

    confirm(owner, page, "q=pool:london", all="1", reason="Maintenance")

    assert still_open() == ["dora"]


def test_carries_the_choice_along(owner, three):
    text = ask(owner, chosen=ids(three[:1])).text

    assert f'name="chosen" value="{three[0].pk}"' in text


def test_looks_again_when_one_went_and_another_came(owner, pool, three):
    page = ask(owner, all="1")
    sessions.close(three[0].pk)
    make_session(pool, make_client(username="emil"))

    response = confirm(owner, page, all="1", reason="Routine")

    assert response.context["effects"] == page.context["effects"]
    assert response.status_code == 422
    assert still_open() == ["bert", "cleo", "emil"]


def test_what_has_ended_is_not_released(owner, three):
    response = ask(owner, "state=ended", all="1")

    assert response.status_code == 302
    assert len(still_open()) == 3


def test_a_viewer_is_not_offered_it(viewer, three):
    assert 'name="chosen"' not in viewer.get("/sessions/").text
