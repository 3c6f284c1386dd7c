"""Making an API token, copying it, using it, revoking it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.barriers import barriers
from tests.factories import PASSWORD


def open_the_form(page):
    """The form of a new token, which asks for the password first."""
    page.get_by_role("link", name="New API token").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("button", name="Make token")).to_be_visible()


def test_its_pages_have_no_barriers(page, estate, sign_in):
    sign_in(page, estate.owner, sure=False)
    page.goto("/api-tokens/")
    open_the_form(page)
    found = barriers(page, "the form of a token")
    page.get_by_label("Name").fill("Power BI report")
    page.get_by_label("Read licences").check()
    page.get_by_role("button", name="Make token").click()
    expect(page.locator("main")).to_contain_text("Copy it now.")

    found |= barriers(page, "the new token")

    assert found == set()


def test_a_list_is_copied_as_a_command(page, context, estate, sign_in):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, estate.owner, sure=False)
    page.goto("/sessions/?state=held")

    page.get_by_role("button", name="Copy as curl").click()

    expect(page.locator(".copy-labelled")).to_contain_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith('/api/v1/account/sessions?state=held"')
