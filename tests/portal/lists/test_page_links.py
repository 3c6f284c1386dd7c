"""The links from page to page."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from portal.sessions.active import SessionList
from portal.sessions.listed import SESSIONS
from tests.factories import make_client, make_pool, make_session
from tests.portal.lists.rows import rows_of


def test_links_lead_on_and_back_and_keep_the_view(owner, account, pool, monkeypatch):
    monkeypatch.setattr(SessionList, "listing", replace(SESSIONS, page_sizes=("2",)))
    for name in "abcde":
        make_session(pool, make_client(username=name))
    view = "?q=planners&sort=user&per=2"

    second = owner.get("/sessions/" + link(owner.get("/sessions/" + view), "next"))
    third = owner.get("/sessions/" + link(second, "next"))

    assert [row.username for row in third.context["list"].page] == ["e"]
    assert "5 to 5 of 5" in third.text
    assert 'rel="next"' not in third.text
    again = link(third, "prev")
    assert again.startswith(f"{view}&before=")
    assert rows_of(owner.get("/sessions/" + again)) == rows_of(second)


@pytest.mark.slow
def test_the_audit_log_loads_more_without_counting(owner, account):
    for _ in range(26):
        make_pool(1, account=account)

    first = owner.get("/audit/")
    second = owner.get("/audit/" + link(first, "next"))

    assert "Load more" in first.text
    assert first.context["log"].page.total is None
    assert rows_of(owner.get("/audit/" + link(second, "prev"))) == rows_of(first)


def link(page, rel):
    return html.unescape(re.search(f'rel="{rel}" href="([^"]+)"', page.text)[1])
