"""Passkeys, with the virtual authenticator of Chromium."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from playwright.sync_api import expect

from tests.browser.barriers import barriers
from tests.browser.presses import by_password, who_is_in
from tests.factories import PASSWORD

TWO_STEP = [
    "/accounts/two-step/",
    "/accounts/two-step/webauthn/add/",
    "/accounts/two-step/webauthn/",
    "/accounts/two-step/recovery-codes/",
    "/accounts/two-step/webauthn/reauthenticate/",
]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def authenticator(page):
    """A device that makes passkeys and gives them at once."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield
    devtools.detach()


@pytest.fixture
def passkey(page, estate, sign_in, authenticator):
    """The owner has signed in and added a passkey."""
    sign_in(page, estate.owner, sure=False)
    page.goto("/accounts/two-step/webauthn/add/")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.fill("[name=name]", "Work laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/accounts/two-step/recovery-codes/")


GIVES_NONE = "() => { navigator.credentials.get = () => Promise.reject(new Error()) }"
GIVES_AGAIN = "() => { delete navigator.credentials.get }"


def test_a_passkey_is_the_second_step_and_once_it_is_given_signs_in_and_confirms(
    page, passkey, estate
):
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    by_password(page, estate.owner.email)
    page.get_by_role("button", name="Use a passkey").click()
    expect(who_is_in(page)).to_contain_text("Priya Shah")
    page.context.clear_cookies()

    page.goto("/accounts/login/")
    page.evaluate(GIVES_NONE)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("No passkey was given.")
    page.evaluate(GIVES_AGAIN)
    page.get_by_role("button", name="Use a passkey").click()
    expect(who_is_in(page)).to_contain_text("Priya Shah")
    page.goto("/accounts/two-step/webauthn/reauthenticate/?next=/licences/")

    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("heading", name="Licences", exact=True)).to_be_visible()


def test_pages_of_two_step_sign_in(page, passkey, estate, complaints):
    page.goto("/accounts/two-step/totp/activate/")
    found = barriers(page, page.url)
    give_app(estate.owner)
    for path in TWO_STEP:
        page.goto(path)
        found |= barriers(page, path)
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.fill("[name=login]", estate.owner.email)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/authenticate/")
    found |= barriers(page, "the second step")

    assert (found, complaints) == (set(), [])


def give_app(user):
    """The person has an authenticator app too."""
    TOTP.activate(user, generate_totp_secret())
