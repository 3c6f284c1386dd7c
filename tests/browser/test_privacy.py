"""Owners have viewers see aliases instead of names."""

from __future__ import annotations

from playwright.sync_api import expect


def test_viewers_see_aliases_on_pages_and_in_files(page_of_either, new_context, estate, sign_in):
    page = page_of_either
    sign_in(page, estate.owner)
    page.goto("/security/")
    page.get_by_role("link", name="Show aliases").click()
    page.get_by_role("textbox", name="Reason").fill("The works council wants it")
    page.get_by_role("button", name="Show aliases").click()
    expect(page.locator("main")).to_contain_text("Viewers see aliases instead of people")

    viewers = new_context().new_page()
    sign_in(viewers, estate.viewer)
    viewers.goto("/sessions/?sort=user")
    row = viewers.locator(f"[data-session='{estate.jsmith.pk}']")
    expect(row).to_contain_text("Person ")
    alias = row.locator(".cell-main").inner_text().split("\n")[0]
    viewers.get_by_text("Export", exact=True).click()
    with viewers.expect_download() as download:
        viewers.get_by_role("button", name="CSV").click()

    file = download.value.path().read_text("utf-8-sig")
    page.goto("/sessions/")
    assert ("J. Smith" in viewers.content(), "J. Smith" in file) == (False, False)
    assert alias in file
    expect(page.locator(f"[data-session='{estate.jsmith.pk}']")).to_contain_text("J. Smith")
