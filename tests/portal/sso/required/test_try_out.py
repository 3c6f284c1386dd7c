"""An owner tries the provider out, before anybody depends on it."""

from __future__ import annotations

import pytest

from portal.models import SingleSignOn
from portal.sso import single_sign_on
from tests.factories import TESTER
from tests.pages import last_entry, said
from tests.people import signed_in
from tests.portal.sso.provider import come_back
from tests.portal.sso.required.ways import SETTINGS


def try_out(browser, account):
    """The outcome of the owner's test, as the page says it."""
    go = browser.post(f"{SETTINGS}test/")
    return said(come_back(browser, "priya@brook.example", go))


def test_a_test_that_lets_somebody_in_counts_for_this_configuration(priya, single, account):
    browser = signed_in(priya)

    outcome = try_out(browser, account)

    text = (
        "It works: your provider answered, and would have let Priya Shah (priya@brook.example) in."
    )
    assert outcome == [("success", text)]
    assert SingleSignOn.objects.get().tested_at is not None
    assert last_entry()[0] == "sso_tested"
    assert not SingleSignOn.objects.get().links.exists()
    again = {"issuer": single.issuer, "client_id": "portal", "secret": "new"}
    browser.post(SETTINGS, again)
    assert SingleSignOn.objects.get().tested_at is None


@pytest.mark.parametrize(
    ("sub", "told"),
    [
        ("unverified@brook.example", "does not say that unverified@brook.example is verified."),
        ("stranger@hill.example", "stranger@hill.example is in none of your verified domains."),
        ("other@brook.example", "nobody of the account signs in as other@brook.example."),
    ],
)
def test_a_test_says_what_is_missing_and_does_not_count(priya, single, sub, told):
    browser = signed_in(priya)

    response = come_back(browser, sub, browser.post(f"{SETTINGS}test/"))

    assert said(response) == [("error", f"The provider answered, but {told}")]
    assert SingleSignOn.objects.get().tested_at is None


def test_a_test_of_what_was_changed_meanwhile_does_not_count(priya, single, issuer):
    browser = signed_in(priya)
    go = browser.post(f"{SETTINGS}test/")
    single_sign_on.set_up_openid(
        single.account, issuer=issuer, client_id="portal", secret="new", by=TESTER
    )

    come_back(browser, "priya@brook.example", go)

    assert SingleSignOn.objects.get().tested_at is None


def test_a_cancelled_test_says_so(priya, single):
    browser = signed_in(priya)
    state = browser.post(f"{SETTINGS}test/")["Location"].partition("state=")[2].partition("&")[0]

    callback = f"/accounts/single-sign-on/{single.pk}/login/callback/"
    response = browser.get(callback, {"error": "access_denied", "state": state})

    assert said(response) == [("error", "You cancelled at the provider. Nothing was tested.")]
    assert response["Location"] == SETTINGS
