"""The command that reads a page's list through the API."""

from __future__ import annotations

import html
import re

import pytest

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


def test_a_day_is_the_moment_when_it_begins_and_the_next_one_does(owner, account):
    page = owner.get("/usage/denials/?from=2026-07-01&until=2026-07-31&only=true")

    assert command_on(page).endswith(
        "/denials?state=true&since=2026-07-01T00%3A00%3A00%2B01%3A00"
        '&until=2026-08-01T00%3A00%3A00%2B01%3A00"'
    )


@pytest.mark.parametrize("page", ["licences", "sessions", "denials", "audit", "people"])
def test_stands_on_every_page_that_the_api_mirrors(owner, page):
    path = {"denials": "usage/denials"}.get(page, page)

    assert f"/api/v1/account/{page}" in command_on(owner.get(f"/{path}/"))


@pytest.mark.django_db
@pytest.mark.parametrize("person", ["manager", "viewer"])
def test_is_for_those_who_can_make_a_token(request, person):
    assert "curl" not in request.getfixturevalue(person).get("/licences/").text
