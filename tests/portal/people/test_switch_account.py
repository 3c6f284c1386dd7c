"""Looking at another of one's accounts."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from portal.desk import requests
from portal.exports import files
from portal.models import RequestKind, Role
from tests.factories import AccountFactory, MembershipFactory, UserFactory, make_pool, make_session
from tests.people import signed_in
from tests.portal.exports.files import content


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


@pytest.fixture
def addresses(account, pool):
    """Pages of the first account, and what they are about."""
    asked = requests.make(account, RequestKind.HELP, "Please call.", by=UserFactory())
    session = make_session(pool)
    return {
        f"/licences/{pool.licence_id}/": "licence",
        f"/licences/{pool.licence_id}/keys/{pool.pk}/": "licence",
        f"/licences/{pool.licence_id}/deployment/": "licence",
        f"/sessions/?licence={pool.licence_id}": "licence",
        f"/usage/denials/?licence={pool.licence_id}": "licence",
        f"/sessions/{session.pk}/": "session",
        f"/sessions/{session.pk}/block/": "session",
        f"/requests/{asked.pk}/": "request",
    }


@pytest.mark.slow
def test_a_link_into_another_of_ones_accounts_offers_the_switch(two, addresses):
    browser, second = two
    browser.post("/switch-account/", {"account": second.pk})

    for address, thing in addresses.items():
        offer = browser.get(address)
        assert f"This {thing} belongs to Brook &amp; Co." in offer.text
        wanted = {"account": offer.context["elsewhere"].account.pk, "next": address}
        response = browser.post("/switch-account/", wanted, follow=True)
        path = address.partition("?")[0]
        assert (response.status_code, response.request["PATH_INFO"]) == (200, path)
        browser.post("/switch-account/", {"account": second.pk})


def test_a_saved_export_of_another_of_ones_accounts_offers_the_switch(two, account, manager):
    browser, second = two
    membership = account.memberships.get(user=second.memberships.get().user)
    made = files.order("sessions", "csv", membership, QueryDict())
    address = f"/exports/{made.pk}/"
    colleague = account.memberships.exclude(pk=membership.pk).get()
    theirs = files.order("sessions", "csv", colleague, QueryDict())
    browser.post("/switch-account/", {"account": second.pk})
    assert "elsewhere" not in (browser.get(address).context or {})  # it is not ready

    files.make_ordered()

    assert "This file belongs to Brook &amp; Co." in browser.get(address).text
    assert "elsewhere" not in (browser.get(f"/exports/{theirs.pk}/").context or {})
    assert manager.get(address).status_code == 404
    browser.post("/switch-account/", {"account": account.pk})
    assert b"Machine" in content(browser.get(address))


def test_what_the_role_does_not_allow_stays_forbidden(viewer, pool):
    assert viewer.get(f"/licences/{pool.licence_id}/deployment/").status_code == 403


def test_a_link_into_anothers_account_says_nothing(stranger, addresses):
    for address in addresses:
        answer = stranger.get(address)

        assert answer.status_code == 404
        assert "Brook" not in answer.text


def test_goes_on_to_no_other_site(two):
    browser, second = two

    response = browser.post("/switch-account/", {"account": second.pk, "next": "//evil.example/"})

    assert response["Location"] == "/"


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
