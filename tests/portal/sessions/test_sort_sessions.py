"""The list of active sessions in every order."""

from __future__ import annotations

from django.http import QueryDict

from portal.sessions.active import SessionList
from portal.words.aliases import Names
from tests.factories import make_client, make_session, make_single_user
from tests.portal.sessions.listed import listed, users

SORTED = {
    "": ["dora", "cleo", "bert", "anna"],  # held, offline, the longest
    "-user": ["dora", "cleo", "bert", "anna"],
    "machine": ["anna", "bert", "cleo", "dora"],
    "-state": ["dora", "cleo", "bert", "anna"],
    "refreshed": ["dora", "cleo", "bert", "anna"],
    "started": ["dora", "cleo", "bert", "anna"],
    "-length": ["dora", "cleo", "bert", "anna"],
    "back": ["dora", "cleo", "bert", "anna"],
    "-version": ["bert", "anna", "cleo", "dora"],
    "nonsense": ["dora", "cleo", "bert", "anna"],
}
ALIKE = "-version"
"""Three have the same version, and stand in any order behind the other."""


def test_sorts_by_every_column(account, four):
    found = {sort: listed(account, sort=sort) for sort in SORTED}

    found[ALIKE][1:] = sorted(found[ALIKE][1:])
    assert found == SORTED


def test_a_seat_that_never_comes_back_sorts_last(owner, account, pool):
    make_session(make_single_user(account=account), make_client(username="fixed"))
    make_session(pool, make_client(username="pooled"))

    response = owner.get("/sessions/", {"sort": "back"})

    assert users(response) == ["pooled", "fixed"]
    assert "Not by itself" in response.text


def test_sorts_by_need_without_a_look_at_the_rules(account, four):
    listed = SessionList(account, QueryDict(), Names(account, are_aliases=False))

    assert [session.username for session in listed.rows][:2] == ["dora", "cleo"]
    assert str(listed.rows.query).count("licensing_accessrule") == 1  # for the state
