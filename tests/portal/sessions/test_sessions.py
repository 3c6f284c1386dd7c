"""The list of active sessions."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licensing import sessions
from licensing.models import ClientSession
from tests.factories import TESTER, ago, make_client, make_pool, make_session
from tests.portal.sessions.listed import link, users


def test_shows_who_uses_what_and_since_when(owner, pool):
    session = make_session(
        pool, make_client(username="ACME\\jsmith", machine_name="CAD-017", os_session="3")
    )

    text = owner.get("/sessions/").text

    assert "ACME\\<wbr>jsmith" in text
    assert "CAD-017" in text
    assert "session 3" in text
    assert "London planners" in text
    assert session.refreshed_at.strftime("%Y-%m-%dT%H:%M:%SZ") in text


def test_each_row_has_one_element_and_one_button_named_release(owner, four):
    text = owner.get("/sessions/").text

    rows = re.findall(r"<tr[^>]*data-session=.*?</tr>", text, re.DOTALL)
    buttons = [re.findall(r"<button[^>]*>(.*?)</button>", row, re.DOTALL) for row in rows]
    assert text.count("data-session=") == 4
    assert buttons == [["Release"]] * 4


def test_two_cloned_machines_of_one_name_are_two_rows(owner, pool):
    names = {"username": "ACME\\anna", "machine_name": "IMAGE"}
    clones = [make_session(pool, make_client(**names, device_id=name)) for name in ("1", "2")]

    text = owner.get("/sessions/?q=image").text
    owner.post(f"/sessions/{clones[0].pk}/release/")

    assert [f'data-session="{clone.pk}"' in text for clone in clones] == [True, True]
    assert list(ClientSession.objects.active()) == [clones[1]]


def test_shows_no_ended_session_and_none_of_another_account(owner, pool):
    sessions.close(make_session(pool).pk)
    make_session(make_pool())

    assert users(owner.get("/sessions/")) == []


def test_a_viewer_reads_whom_to_ask(viewer, owner, four):
    text = viewer.get("/sessions/").text

    assert ">Release<" not in text
    assert "Viewers can look but not release. Ask Priya Shah." in text


def test_counts_states(owner, four):
    chips = owner.get("/sessions/").context["list"].chips

    assert {str(chip.label): chip.count for chip in chips} == {
        "All": 4,
        "Active": 1,
        "Quiet": 1,
        "Offline": 1,
        "Held": 1,
        "Ending": 0,
        "Longer than 8 h": 2,
        "Citrix or remote": 1,
        "Ended, 7 days": None,
    }


def test_shows_what_ended_of_late(owner, pool):
    released, closed, old = (make_session(pool, make_client(username=u)) for u in "abc")
    sessions.release(released, by=TESTER)
    sessions.close(closed.pk)
    sessions.close(old.pk)
    ClientSession.objects.filter(pk=old.pk).update(ended_at=ago(days=8))
    make_session(pool, make_client(username="still there"))
    sessions.close(make_session(make_pool()).pk)

    response = owner.get("/sessions/", {"state": "ended"})

    listed = response.context["list"].page
    assert [(session.username, str(session.ending)) for session in listed] == [
        ("b", "Closed by its user"),
        ("a", "Released"),
    ]
    for act in ("data-session=", ">Release<", "Release selected"):
        assert act not in response.text


def test_has_as_many_rows_as_wanted(owner, pool):
    listed = owner.get("/sessions/", {"per": "25"}).context["list"]

    assert (listed.per, owner.get("/sessions/", {"per": "7"}).context["list"].per) == (25, 50)


@pytest.mark.slow
def test_shows_fifty_at_a_time(owner, account):
    key = make_pool(51, account=account)
    for number in range(51):
        make_session(key, make_client(username=f"user {number:02}"))

    first = owner.get("/sessions/", {"sort": "user"})
    second = owner.get("/sessions/" + link(first, "next"))

    assert [len(users(page)) for page in (first, second)] == [50, 1]
    assert users(second) == ["user 50"]
    assert ("1 to 50 of 51" in first.text, "51 to 51 of 51" in second.text) == (True, True)
    assert users(owner.get("/sessions/" + link(second, "prev"))) == users(first)


def test_says_that_nobody_is_there(owner, pool):
    assert "Nobody is using a licence right now." in owner.get("/sessions/").text


@pytest.mark.parametrize("rows", [1, 3])
def test_needs_as_many_queries_for_many_rows(owner, pool, django_assert_num_queries, rows):
    for _ in range(rows):
        make_session(pool)

    with django_assert_num_queries(8):
        owner.get("/sessions/", {"q": "CAD", "state": "active"})


@pytest.mark.parametrize("state", ["", "ended"])
def test_reads_no_licence_or_key_of_others(owner, pool, state):
    """Those of all accounts would be read, to find those of very many sessions."""
    make_session(pool)

    with CaptureQueriesContext(connection) as captured:
        owner.get("/sessions/", {"q": "CAD", "state": state})

    statements = [query["sql"] for query in captured if 'session"."ended_at" ' in query["sql"]]
    assert statements
    for statement in statements:
        assert '"licensing_licence"."account_id" = ' in statement
        assert 'JOIN "licensing_productkey"' not in statement
