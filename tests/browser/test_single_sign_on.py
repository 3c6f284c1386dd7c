"""Single sign-on from setting it up to being required, with a provider that runs here."""

from __future__ import annotations

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import expect

from portal.outbound import asking
from portal.sso import email_domains
from tests.browser.barriers import looks_right
from tests.browser.presses import by_password, confirm_password
from tests.portal.sso import provider

SETTINGS = "/security/single-sign-on/"


@pytest.fixture
def issuer(settings, monkeypatch):
    """The address of a provider that knows two people of the account; the DNS is the test's."""
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True
    monkeypatch.setattr(asking, "texts_of", provider.texts_of)
    provider.RECORDS.clear()
    known = [provider.person("priya@example.com"), provider.person("vic@example.com")]
    with run_server_in_thread(user_claims=known) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def codes(estate):
    """Recovery codes of the owner, who has two-step sign-in."""
    TOTP.activate(estate.owner, generate_totp_secret())
    return RecoveryCodes.activate(estate.owner).get_unused_codes()


def as_somebody(page, email):
    """Sign in at the provider."""
    page.get_by_role("button", name=f"Authorize as {email}").first.click()


def set_up(page, estate, issuer):
    """Claim the domain, show its record, name the provider."""
    page.goto(SETTINGS)
    page.get_by_role("textbox", name="Domain").fill("example.com")
    page.get_by_role("button", name="Add domain").click()
    confirm_password(page)
    expect(page.get_by_role("button", name="Check")).to_be_visible()
    domain = estate.account.email_domains.get()
    provider.RECORDS[email_domains.record_name(domain)] = {domain.token}
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("example.com is verified.")).to_be_visible()
    page.get_by_label("Issuer").fill(issuer)
    page.get_by_label("Client ID").fill("portal")
    page.get_by_label("Client secret").fill("hush")
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("Not tested as it is set up now.")).to_be_visible()


def test_is_set_up_tested_required_and_gone_without(page, estate, issuer, codes, sign_in):
    sign_in(page, estate.owner, sure=False)
    set_up(page, estate, issuer)

    page.get_by_role("button", name="Test sign-in").click()
    as_somebody(page, "priya@example.com")
    expect(page.get_by_text("It works: your provider answered")).to_be_visible()
    looks_right(page)
    page.get_by_role("link", name="Require it").click()
    expect(page.get_by_text("2 people with an address in your verified domains")).to_be_visible()
    page.get_by_label("Reason").fill("The auditors ask for it.")
    page.get_by_role("button", name="Require it").click()
    expect(page.get_by_role("heading", name="Brook & Co wants its own sign-in")).to_be_visible()
    looks_right(page)

    page.get_by_role("button", name="Go on to single sign-on").click()
    as_somebody(page, "priya@example.com")
    expect(page.get_by_role("heading", name="Single sign-on")).to_be_visible()
    expect(page.get_by_role("heading", name="Required")).to_be_visible()
    page.goto(f"{SETTINGS}people/")
    expect(page.get_by_role("link", name="Unlink")).to_have_count(1)
    page.context.clear_cookies()

    page.goto("/accounts/login/?next=/licences/")
    by_password(page, "vic@example.com")
    expect(page.get_by_text("People with an address at example.com sign in")).to_be_visible()
    looks_right(page)
    page.get_by_role("button", name="Go on").click()
    as_somebody(page, "vic@example.com")
    expect(page.get_by_role("heading", name="Licences", exact=True)).to_be_visible()
    page.goto("/profile/email/")
    expect(page.get_by_role("heading", name="Sign in your own way first")).to_be_visible()
    page.context.clear_cookies()

    page.goto("/accounts/login/")
    by_password(page, "priya@example.com")
    page.get_by_role("button", name="Sign in another way").click()
    by_password(page, "priya@example.com", codes[0])
    expect(page.get_by_role("heading", name="Brook & Co wants its own sign-in")).to_be_visible()
    page.goto("/security/")
    page.get_by_role("link", name="Open it without, as an owner").click()
    page.get_by_label("Reason").fill("The provider is down.")
    looks_right(page)
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_text("Brook & Co is open until you sign out.")).to_be_visible()
    page.goto("/audit/")
    expect(page.get_by_text("Priya Shah signed in without single sign-on.").first).to_be_visible()
