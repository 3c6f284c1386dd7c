"""Looking at another of one's accounts."""

from __future__ import annotations

import pytest

from portal.models import Role
from tests.factories import AccountFactory, MembershipFactory, make_pool
from tests.portal.conftest import signed_in


@pytest.fixture
def two(account):
    """The browser of somebody who holds two accounts, and the second account."""
    second = AccountFactory(name="Hill & Dale")
    user = MembershipFactory(account=account).user
    MembershipFactory(account=second, user=user, role=Role.VIEWER)
    return signed_in(user), second


def test_begins_with_the_first_by_name(two, pool):
    browser, _second = two

    assert "London planners" in browser.get("/licences/").text


def test_shows_the_chosen_one_from_then_on(two, pool):
    browser, second = two
    make_pool(account=second, name="Site teams")

    browser.post("/switch-account/", {"account": second.pk})

    text = browser.get("/licences/").text
    assert "Site teams" in text
    assert "London planners" not in text


def test_the_other_ones_ids_are_not_found_meanwhile(two, pool):
    browser, second = two

    browser.post("/switch-account/", {"account": second.pk})

    assert browser.get(f"/licences/{pool.licence_id}/").status_code == 404


def test_the_role_is_that_of_the_account(two):
    browser, second = two

    browser.post("/switch-account/", {"account": second.pk})

    assert browser.get("/").context["request"].membership.role == "viewer"


@pytest.mark.parametrize("wanted", ["", "nonsense", "999999", "9" * 40])
def test_knows_no_other_account(two, wanted):
    browser, _second = two

    assert browser.post("/switch-account/", {"account": wanted}).status_code == 404


def test_leads_nobody_into_a_strangers_account(stranger, account):
    assert stranger.post("/switch-account/", {"account": account.pk}).status_code == 404
