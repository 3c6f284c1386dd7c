"""Revealing a product key in place."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD

STORED = "JSON.stringify([localStorage, sessionStorage])"


@pytest.fixture
def page(timed):
    """A page whose clock is in the test's hand."""
    return timed.pages[0]


def test_asks_for_the_password_then_shows_and_hides_the_key(page, estate, sign_in):
    sign_in(page, estate.owner, sure=False)
    address = f"/licences/{estate.planners.licence_id}/"
    page.goto(address)
    reveal = page.locator("#keys secret-field", has_text=estate.planners.last_four)

    reveal.get_by_role("button", name="Reveal").click()
    page.wait_for_url("**/accounts/reauthenticate/**")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text(estate.planners.plain)

    page.get_by_role("link", name="Done").click()
    expect(page.locator("main")).not_to_contain_text(estate.planners.plain)
    reveal.get_by_role("button", name="Reveal").click()
    expect(reveal).to_contain_text(estate.planners.plain)

    page.clock.fast_forward(31_000)
    expect(reveal).to_contain_text(f"••••{estate.planners.last_four}")
    assert estate.planners.plain not in page.content()
    assert estate.planners.plain not in page.evaluate(STORED)
    assert estate.account.audit_entries.filter(action="key_revealed").count() == 2
