"""Owners require single sign-on, and stop requiring it."""

from __future__ import annotations

import pytest

from licensing.errors import InvalidOperation
from portal.models import Role, SingleSignOn
from portal.sso import single_sign_on
from tests.factories import TESTER
from tests.pages import last_entry
from tests.people import signed_in
from tests.portal.sso.provider import WHY, agree, member
from tests.portal.sso.required.ways import REQUIRE, SETTINGS, in_own_way


def test_nothing_untested_is_required(priya, second_step, single):
    response = signed_in(priya).post(REQUIRE, WHY)

    assert response.status_code == 422
    assert "Test sign-in first" in response.text
    with pytest.raises(InvalidOperation, match="Test sign-in first"):
        single_sign_on.require(single.account, priya, by=TESTER, reason="")


def test_nothing_is_required_by_an_owner_without_a_second_step(priya, single):
    single_sign_on.mark_tested(single, by=TESTER)

    response = signed_in(priya).post(REQUIRE, WHY)

    assert "Set up two-step sign-in or a passkey for yourself first" in response.text
    assert SingleSignOn.objects.get().required_at is None


def test_nothing_is_required_without_a_verified_domain(priya, second_step, single, account):
    single_sign_on.mark_tested(single, by=TESTER)
    account.email_domains.update(verified_at=None)

    assert "Verify an e-mail domain first." in signed_in(priya).post(REQUIRE, WHY).text


def test_is_required_after_saying_whom_it_concerns(priya, second_step, single, account, mailoutbox):
    member(account, "tom@brook.example")
    member(account, "ann@elsewhere.example", Role.OWNER)
    single_sign_on.mark_tested(single, by=TESTER)
    browser = signed_in(priya)

    page = browser.get(REQUIRE).text
    agree(browser, REQUIRE)

    assert "2 people with an address in your verified domains" in page
    assert "2 of them have never come in through it." in page
    assert "1 person has another address, and signs in as before." in page
    assert "owners with two-step sign-in get in without it: Priya Shah." in page
    assert SingleSignOn.objects.get().required_at is not None
    assert last_entry() == (
        "sso_required", "The auditors ask for it.", "Priya Shah <priya@brook.example>",
    )  # fmt: skip
    assert sorted((mail.to[0], mail.subject) for mail in mailoutbox) == [
        ("ann@elsewhere.example", "Single sign-on is required in Brook & Co"),
        ("priya@brook.example", "Single sign-on is required in Brook & Co"),
    ]


def test_a_required_provider_is_not_changed(required, issuer):
    with pytest.raises(InvalidOperation, match="Stop requiring"):
        single_sign_on.set_up_openid(
            required.account, issuer=issuer, client_id="other", secret="x", by=TESTER
        )


def test_it_can_be_made_optional_again(priya, second_step, required, client):
    browser = in_own_way(client, code=second_step)
    browser.post("/single-sign-on/without/", {"reason": "The provider is down."})

    agree(browser, f"{SETTINGS}stop-requiring/")

    assert SingleSignOn.objects.get().required_at is None
    assert last_entry()[0] == "sso_not_required"


def test_only_owners_of_the_account_decide(manager, stranger, staff, required):
    acts = ["test", "require", "stop-requiring", "newcomers", "turn-off"]

    answers = {
        tuple(browser.post(f"{SETTINGS}{act}/", WHY).status_code for browser in (manager, staff))
        for act in acts
    }

    assert answers == {(403, 404)}
    stranger.post(f"{SETTINGS}turn-off/", WHY)
    assert SingleSignOn.objects.get().required_at is not None
