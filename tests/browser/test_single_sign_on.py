"""Single sign-on with a provider that runs here: what a browser sends on its way there and back.

What pages and forms of it say and do is in tests/portal/sso.
"""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import expect

from portal.outbound import asking
from portal.sso import single_sign_on
from tests.browser.barriers import looks_right
from tests.browser.presses import by_password
from tests.factories import TESTER
from tests.portal.sso import provider

SETTINGS = "/security/single-sign-on/"


@pytest.fixture
def set_up(estate, settings, monkeypatch):
    """The account's provider, which knows two people, for a domain that its DNS showed."""
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True
    monkeypatch.setattr(asking, "texts_of", provider.texts_of)
    provider.show_domain(estate.account, "example.com")
    known = [provider.person("priya@example.com"), provider.person("vic@example.com")]
    with run_server_in_thread(user_claims=known) as server:
        issuer = f"http://localhost:{server.server_port}"
        named = {"issuer": issuer, "client_id": "portal", "secret": "hush"}
        yield single_sign_on.set_up_openid(estate.account, **named, by=TESTER)


def as_somebody(page, email):
    """Sign in at the provider."""
    page.get_by_role("button", name=f"Authorize as {email}").first.click()


def test_is_tested_required_and_then_the_way_in(page, estate, set_up, sign_in):
    TOTP.activate(estate.owner, generate_totp_secret())  # or it cannot be required
    sign_in(page, estate.owner)
    page.goto(SETTINGS)
    page.get_by_role("button", name="Test sign-in").click()
    as_somebody(page, "priya@example.com")
    expect(page.get_by_text("It works: your provider answered")).to_be_visible()
    looks_right(page)
    page.get_by_role("link", name="Require it").click()
    page.get_by_label("Reason").fill("The auditors ask for it.")
    page.get_by_role("button", name="Require it").click()
    expect(page.get_by_role("heading", name="Brook & Co wants its own sign-in")).to_be_visible()
    looks_right(page)
    page.get_by_role("button", name="Go on to single sign-on").click()
    as_somebody(page, "priya@example.com")
    expect(page.get_by_role("heading", name="Required")).to_be_visible()
    page.context.clear_cookies()

    page.goto("/accounts/login/?next=/licences/")
    by_password(page, "vic@example.com")
    expect(page.get_by_text("People with an address at example.com sign in")).to_be_visible()
    looks_right(page)
    page.get_by_role("button", name="Go on").click()
    as_somebody(page, "vic@example.com")
    expect(page.get_by_role("heading", name="Licences", exact=True)).to_be_visible()
