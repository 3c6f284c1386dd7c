"""What a client is told that an access rule bars."""

from __future__ import annotations

import pytest

from licensing import rules
from licensing.rules import NewRule
from tests.api.desktop import check_out, open_session, refresh
from tests.factories import TESTER

pytestmark = pytest.mark.django_db


@pytest.fixture
def block(pool):
    def block(username):
        rules.add(pool.account, NewRule(username=username), by=TESTER, reason="Left")

    return block


def test_a_blocked_user_is_refused_in_words(client, pool, block):
    block("acme\\*")

    response = check_out(client, pool, username="ACME\\jsmith")

    problem = response.json()
    assert (response.status_code, problem["code"], problem["retryable"]) == (
        403,
        "access_blocked",
        False,
    )
    assert problem["detail"].startswith("You cannot use this licence from here.")


def test_an_open_session_is_told_at_its_refresh(client, pool, block):
    opened = open_session(client, pool, username="ACME\\jsmith")
    block("acme\\jsmith")

    response = refresh(client, opened)

    assert (response.status_code, response.json()["code"]) == (403, "access_blocked")
