"""The command that reads a page's list through the API."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest

from portal.api import curl
from tests.factories import make_api_token


def command_on(page):
    """The command that a page's button copies."""
    return html.unescape(re.search('<copy-button value="(curl [^"]*)"', page.text)[1])


def test_names_the_list_and_no_token(owner, account, pool):
    make_api_token(account)

    assert command_on(owner.get("/licences/")) == (
        'curl -H "Authorization: Bearer $LICENSING_TOKEN" '
        '"http://testserver/api/v1/account/licences"'
    )


def test_keeps_the_filters_that_the_api_knows():
    told = curl.command("sessions", {"state": "held", "licence": 7, "since": None, "q": "anna"})

    assert told.endswith('/api/v1/account/sessions?state=held&licence=7"')


def test_a_day_is_the_moment_when_it_begins():
    told = curl.command("denials", {"since": dt.date(2026, 7, 1), "state": "true"})

    assert told.endswith('/denials?since=2026-07-01T00%3A00%3A00%2B01%3A00&state=true"')


@pytest.mark.parametrize("page", ["licences", "sessions", "denials", "audit", "people"])
def test_stands_on_every_page_that_the_api_mirrors(owner, page):
    path = {"denials": "usage/denials"}.get(page, page)

    assert f"/api/v1/account/{page}" in command_on(owner.get(f"/{path}/"))


def test_leaves_out_a_state_that_only_the_page_knows():
    assert curl.command("sessions", {"state": "remote"}).endswith('/account/sessions"')


def test_what_it_copies_works(owner, client, account, pool):
    address = re.search(r'"http://testserver([^"]*)"$', command_on(owner.get("/licences/")))[1]
    token = make_api_token(account)

    answer = client.get(address, headers={"Authorization": f"Bearer {token.plain}"})

    assert [licence["id"] for licence in answer.json()["data"]] == [pool.licence_id]


@pytest.mark.parametrize("person", ["manager", "viewer"])
def test_is_for_those_who_can_make_a_token(request, person):
    assert "curl" not in request.getfixturevalue(person).get("/licences/").text
