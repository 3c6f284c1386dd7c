"""The theme that somebody chose."""

from __future__ import annotations

from playwright.sync_api import expect


def test_a_theme_is_kept_from_page_to_page(page, estate, sign_in):
    page.emulate_media(color_scheme="light")
    sign_in(page, estate.owner)
    page.goto("/")
    page.locator(".profile-menu summary").click()

    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Dark").click()

    page.goto("/licences/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
