"""The list of active sessions, and its live rows."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.http import QueryDict

from licensing import keys, sessions
from licensing.models import ClientSession, Licence
from portal.sessions.active import SessionList
from portal.words.aliases import Names
from tests.factories import TESTER, ago, make_client, make_pool, make_session, make_single_user

HOUR = dt.timedelta(hours=1)


def users(response):
    """Who is listed, from top to bottom."""
    return [session.username for session in response.context["list"].page]


def link(response, rel):
    """The address that a link of the pages leads to."""
    return html.unescape(re.search(f'rel="{rel}" href="([^"]+)"', response.text)[1])


@pytest.fixture
def four(account, pool):
    """Sessions of four people in the four states."""
    tender = make_pool(5, account=account, name="Tender office")
    keys.set_label(tender, "Site team", by=TESTER)
    make_session(pool, make_client(username="anna", machine_name="CAD-1", version="16.0.02"))
    make_session(
        pool,
        make_client(username="bert", machine_name="CAD-2", os_session="7", version="17.1"),
        refreshed=dt.timedelta(minutes=10),
    )
    make_session(tender, make_client(username="cleo", machine_name="PLAN-1"), refreshed=9 * HOUR)
    make_session(tender, make_client(username="dora", machine_name="PLAN-2"), refreshed=49 * HOUR)


def test_shows_who_uses_what_and_since_when(owner, pool):
    session = make_session(
        pool, make_client(username="ACME\\jsmith", machine_name="CAD-017", os_session="3")
    )

    text = owner.get("/sessions/").text

    assert "ACME\\jsmith" in text
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


@pytest.mark.parametrize(
    ("narrowing", "expected"),
    [
        ({"state": "held"}, ["dora"]),
        ({"state": "long"}, ["cleo", "dora"]),
        ({"state": "remote"}, ["bert"]),
        ({"q": "ANNA"}, ["anna"]),
        ({"q": "plan-2"}, ["dora"]),
        ({"q": "tender"}, ["cleo", "dora"]),
        ({"q": "tender dora"}, ["dora"]),
        ({"q": "cad", "state": "quiet"}, ["bert"]),
        ({"q": "100%"}, []),
        ({"q": "user:ann"}, ["anna"]),
        ({"q": "user:ann*"}, ["anna"]),
        ({"q": "user:*nn"}, []),
        ({"q": "MACHINE:cad-*"}, ["anna", "bert"]),
        ({"q": 'pool:"Tender office" user:dora'}, ["dora"]),
        ({"q": "status:offline"}, ["cleo"]),
        ({"q": "last>2h"}, ["cleo", "dora"]),
        ({"q": "last<2h"}, ["anna", "bert"]),
        ({"q": "started>24h"}, ["dora"]),
        ({"q": "version:16.0.2"}, ["anna", "cleo", "dora"]),
        ({"q": "version<17"}, ["anna", "cleo", "dora"]),
        ({"q": "version>16.0.02"}, ["bert"]),
        ({"q": "site:London"}, []),
        ({"q": "key:site"}, ["cleo", "dora"]),
        ({"state": "nonsense"}, ["anna", "bert", "cleo", "dora"]),
        ({"licence": "none"}, ["anna", "bert", "cleo", "dora"]),
        ({"licence": "9" * 30}, ["anna", "bert", "cleo", "dora"]),
    ],
)
def test_narrows(owner, four, narrowing, expected):
    assert users(owner.get("/sessions/", narrowing | {"sort": "user"})) == expected


def test_each_token_has_a_chip_that_takes_it_away(owner, four):
    text = owner.get("/sessions/", {"q": "user:anna cad", "sort": "user", "after": "x"}).text

    assert '<a class="chip" href="?q=cad&amp;sort=user"><code>user:anna</code>' in text or (
        '<a class="chip" href="?sort=user&amp;q=cad"><code>user:anna</code>' in text
    )


def test_when_it_started_is_not_when_it_was_last_in_touch(owner, pool):
    session = make_session(pool)
    ClientSession.objects.update(started_at=ago(hours=3))

    found = [users(owner.get("/sessions/", {"q": q})) for q in ("started>2h", "last>2h")]

    assert found == [[session.username], []]


def test_says_that_a_filter_is_unknown(owner, four):
    text = owner.get("/sessions/", {"q": "site:London"}).text

    assert "No filter called &#x27;site&#x27;. Searching for the text instead." in text


@pytest.mark.parametrize("version", ["", "x", "17.1 beta", "16..2", "9" * 40])
def test_any_version_can_be_compared(owner, pool, version):
    session = make_session(pool)
    ClientSession.objects.update(version=version)

    listed = owner.get("/sessions/", {"q": "version<17"}).context["list"].page

    assert [row.pk for row in listed] == ([session.pk] if version == "16..2" else [])


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


def test_finds_by_serial_number_and_licence(owner, four, pool):
    by_serial = owner.get("/sessions/", {"q": pool.serial_number.lower(), "sort": "user"})
    by_licence = owner.get("/sessions/", {"licence": pool.licence_id, "sort": "user"})

    assert users(by_serial) == users(by_licence) == ["anna", "bert"]


@pytest.mark.parametrize("q", ["%s", "serial:%s"])
def test_finds_by_a_serial_number_out_of_a_document(owner, four, pool, q):
    pasted = pool.serial_number.replace("-", "\u2013")

    found = owner.get("/sessions/", {"q": q % pasted, "sort": "user"})

    assert users(found) == ["anna", "bert"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["dora", "cleo", "bert", "anna"]),  # held, offline, the longest
        ("-user", ["dora", "cleo", "bert", "anna"]),
        ("machine", ["anna", "bert", "cleo", "dora"]),
        ("-state", ["dora", "cleo", "bert", "anna"]),
        ("refreshed", ["dora", "cleo", "bert", "anna"]),
        ("started", ["dora", "cleo", "bert", "anna"]),
        ("-length", ["dora", "cleo", "bert", "anna"]),
        ("back", ["dora", "cleo", "bert", "anna"]),
        ("-version", ["bert", "anna", "cleo", "dora"]),
        ("nonsense", ["dora", "cleo", "bert", "anna"]),
    ],
)
def test_sorts_by_every_column(owner, four, sort, expected):
    listed = users(owner.get("/sessions/", {"sort": sort}))

    assert listed[:1] == expected[:1]
    assert sorted(listed) == sorted(expected)
    if sort != "-version":  # three have the same
        assert listed == expected


def test_a_seat_that_never_comes_back_sorts_last(owner, account, pool):
    make_session(make_single_user(account=account), make_client(username="fixed"))
    make_session(pool, make_client(username="pooled"))

    response = owner.get("/sessions/", {"sort": "back"})

    assert users(response) == ["pooled", "fixed"]
    assert "Never by itself" in response.text


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


def test_says_that_nobody_matches(owner, four):
    assert "No sessions match." in owner.get("/sessions/", {"q": "zzz"}).text


@pytest.mark.parametrize("rows", [1, 3])
def test_needs_as_many_queries_for_many_rows(owner, pool, django_assert_num_queries, rows):
    for _ in range(rows):
        make_session(pool)

    with django_assert_num_queries(8):
        owner.get("/sessions/", {"q": "CAD", "state": "active"})


def test_sorts_by_need_with_one_look_at_the_rules(account, four):
    listed = SessionList(account, QueryDict(), Names(account, are_aliases=False))

    assert [session.username for session in listed.rows][:2] == ["dora", "cleo"]
    assert str(listed.rows.query).count("licensing_accessrule") == 2  # the other is the state's


class TestLiveRows:
    def version(self, browser):
        return browser.get("/sessions/").context["list"].version

    def poll(self, browser, version):
        return browser.get("/sessions/rows/", {"v": version}, headers={"X-Requested-With": "rows"})

    def test_says_nothing_when_nothing_changed(self, owner, four, django_assert_num_queries):
        version = self.version(owner)

        with django_assert_num_queries(4):
            response = self.poll(owner, version)

        assert (response.status_code, response.content) == (204, b"")

    def test_answers_with_the_parts_that_change(self, owner, four):
        response = self.poll(owner, "old")

        assert response.status_code == 200
        assert response.text.lstrip().startswith("<tbody")
        assert "<html" not in response.text
        for part in ("session-rows", "session-chips", "session-foot"):
            assert f'id="{part}"' in response.text

    def test_a_new_session_is_a_change(self, owner, pool):
        version = self.version(owner)
        make_session(pool)

        assert self.poll(owner, version).status_code == 200

    def test_an_end_is_a_change(self, owner, pool):
        session = make_session(pool)
        version = self.version(owner)
        sessions.close(session.pk)

        assert self.poll(owner, version).status_code == 200

    @pytest.mark.parametrize("make_key", [make_pool, make_single_user])
    def test_a_refresh_is_a_change(self, owner, account, make_key):
        session = make_session(make_key(account=account))
        version = self.version(owner)
        sessions.refresh(session.pk)

        assert self.poll(owner, version).status_code == 200

    def test_turning_quiet_is_a_change(self, owner, pool):
        make_session(pool, refreshed=dt.timedelta(seconds=400))
        version = self.version(owner)
        assert self.poll(owner, version).status_code == 204

        # Time cannot pass in a test, so the time after which it is quiet becomes shorter.
        Licence.objects.update(grace_period=dt.timedelta(seconds=600))

        assert self.poll(owner, version).status_code == 200

    def test_what_happens_in_another_account_is_none(self, owner, pool):
        version = self.version(owner)
        make_session(make_pool())

        assert self.poll(owner, version).status_code == 204
