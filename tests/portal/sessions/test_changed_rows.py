"""The list that stays fresh gets the rows that changed; of the others their places alone."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from licensing import sessions
from tests.factories import make_client, make_pool, make_session, move_back

ROWS = "/sessions/rows/"
ROW = re.compile(r'<tr (?:data-digest="(?P<digest>[\w-]{8})"|data-same="(?P<same>[\w-]{8})")')


@pytest.fixture
def three(pool):
    """Sessions in the order of the list by user."""
    return [make_session(pool, make_client(username=name)) for name in ("ann", "ben", "cat")]


@pytest.fixture
def thirty(account):
    """Those of a larger pool."""
    pool = make_pool(30, account=account)
    return [make_session(pool, make_client(username=f"dan{n}")) for n in range(30)]


def digests_on(page):
    return [row["digest"] or row["same"] for row in ROW.finditer(page.text)]


def ask(browser, have, **asked):
    return browser.get(ROWS, {"sort": "user", "v": "old", "have": ".".join(have), **asked})


def test_what_the_page_has_is_sent_as_a_place(owner, three):
    have = digests_on(owner.get("/sessions/?sort=user"))
    move_back(three[1], dt.timedelta(hours=5))

    answer = ask(owner, have)

    places = [(row["same"] or "changed") for row in ROW.finditer(answer.text)]
    assert places == [have[0], "changed", have[2]]
    assert re.findall(r'data-session="([^"]+)"', answer.text) == [str(three[1].pk)]


def test_what_left_has_no_place_and_what_came_is_whole(owner, three, pool):
    have = digests_on(owner.get("/sessions/?sort=user"))
    sessions.close(three[0].pk)
    came = make_session(pool, make_client(username="dan"))

    answer = ask(owner, have)

    assert digests_on(answer)[:2] == have[1:]
    assert re.findall(r'data-session="([^"]+)"', answer.text) == [str(came.pk)]


def test_time_alone_changes_no_row(owner, three, monkeypatch):
    """Lengths and "3 min ago" are kept by scripts."""
    have = digests_on(owner.get("/sessions/?sort=user"))
    later = timezone.now() + dt.timedelta(minutes=3)
    monkeypatch.setattr(timezone, "now", lambda: later)

    answer = ask(owner, have)

    assert digests_on(answer) == have
    assert "data-session" not in answer.text


def test_links_of_the_answer_say_nothing_of_what_the_page_has(owner, thirty):
    have = digests_on(owner.get("/sessions/?sort=user"))
    answer = ask(owner, have, per=25, shown="version")

    links = re.findall(r'href="\?([^"]*)', answer.text)
    assert [link for link in links if "after=" in link]
    assert [link for link in links if re.search("have=|v=old|shown=", link)] == []


@pytest.mark.parametrize("have", ["", "x" * 8, "....", "ä"])
def test_a_page_that_says_nothing_right_gets_all(owner, three, have):
    assert ask(owner, [have]).text.count("data-session=") == 3


def test_of_many_rows_the_one_that_changed_weighs_little(owner, thirty):
    have = digests_on(owner.get("/sessions/?sort=user"))
    move_back(thirty[15], dt.timedelta(hours=5))

    weights = [len(ask(owner, told).content) for told in ([], have)]

    assert weights[0] > 10 * weights[1]
