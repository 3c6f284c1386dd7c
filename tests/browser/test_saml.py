"""Single sign-on by SAML, with a provider of another site, so that browsers withhold cookies."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.outbound import asking
from portal.sso import saml
from tests.browser.barriers import looks_right
from tests.portal.sso import provider as dns
from tests.portal.sso import saml_provider

SETTINGS = "/security/single-sign-on/"


@pytest.fixture
def provider(estate, live_server, settings, monkeypatch, tmp_path):
    """A provider that signs two people of the account in; their domain is verified."""
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True
    settings.BASE_URL = live_server.url
    monkeypatch.setattr(asking, "texts_of", dns.texts_of)
    dns.show_domain(estate.account, "example.com")
    emails = ["priya@example.com", "vic@example.com"]
    with saml_provider.run(tmp_path, emails) as running:
        running.know(saml.own_metadata(estate.account.pk))
        yield running


def test_is_set_up_tested_and_used_from_here_and_from_the_provider(page, estate, provider, sign_in):
    sign_in(page, estate.owner)
    page.goto(f"{SETTINGS}?protocol=saml")
    page.get_by_label("Metadata address").fill(f"{provider.address}/metadata")
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("Not tested as it is set up now.")).to_be_visible()
    looks_right(page)
    page.get_by_role("button", name="Test sign-in").click()
    page.get_by_role("button", name="Sign in as priya@example.com").click()
    expect(page.get_by_text("It works: your provider answered")).to_be_visible()
    page.context.clear_cookies()

    page.goto("/single-sign-on/")
    page.get_by_label("E-mail address").fill("vic@example.com")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Sign in as vic@example.com").click()

    expect(page.get_by_role("heading", name="Licences that end soon")).to_be_visible()
    page.context.clear_cookies()

    page.goto(saml.address("provider_login", estate.account.pk))  # a tile at the provider
    looks_right(page)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Sign in as vic@example.com").click()
    expect(page.get_by_role("heading", name="Licences that end soon")).to_be_visible()
