"""One's own way of looking at a list: views that are saved, columns that are chosen."""

from __future__ import annotations

from playwright.sync_api import expect


def test_a_view_is_saved_renamed_shared_and_deleted(page_of_either, new_context, estate, sign_in):
    page = page_of_either
    sign_in(page, estate.owner)
    page.goto("/sessions/?q=smith")
    views = page.get_by_role("navigation", name="Saved views")
    page.get_by_role("link", name="Save view").click()
    page.get_by_role("textbox", name="Name").fill("Smiths")
    page.get_by_role("button", name="Save view").click()
    expect(page.locator("#toasts")).to_contain_text("Saved as “Smiths”.")

    page.goto("/sessions/")
    views.get_by_role("link", name="Smiths").click()
    expect(page.locator("[data-session]")).to_have_count(1)
    expect(views.locator("[aria-current]")).to_contain_text("Smiths")
    page.get_by_role("link", name="Rename view").click()
    page.get_by_role("textbox", name="Name").fill("All Smiths")
    page.get_by_label("Share with the account").check()
    page.get_by_role("button", name="Rename view").click()
    expect(page.locator("#toasts")).to_contain_text("Saved.")
    assert "All Smiths" in views_of_a_viewer(new_context().new_page(), estate, sign_in)

    page.get_by_role("link", name="Delete view").click()
    expect(page.get_by_text("nobody of this account has it any more")).to_be_visible()
    page.get_by_role("button", name="Delete view").click()

    expect(page.locator("#toasts")).to_contain_text("The view “All Smiths” is deleted.")
    expect(views.get_by_role("link", name="All Smiths")).to_have_count(0)


def views_of_a_viewer(page, estate, sign_in):
    """The names above the list of sessions, as a viewer of the account sees them."""
    sign_in(page, estate.viewer)
    page.goto("/sessions/")
    return page.get_by_role("navigation", name="Saved views").inner_text()


def test_columns_are_chosen_kept_and_as_at_first_again(page_of_either, estate, sign_in):
    page = page_of_either
    sign_in(page, estate.owner)
    page.goto("/licences/?q=planners")
    pools = page.get_by_role("table", name="Concurrent User Licence Pools")
    headings = pools.get_by_role("columnheader")
    at_first = headings.all_inner_texts()

    choose(page, "Ends", "Apply")
    expect(headings.filter(has_text="Ends")).to_have_count(0)
    page.goto("/licences/?q=planners")
    expect(headings.filter(has_text="Ends")).to_have_count(0)
    page.locator(".columns-menu summary").first.click()
    page.get_by_role("button", name="As at first").click()

    expect(headings.filter(has_text="Ends")).to_have_count(1)
    assert headings.all_inner_texts() == at_first


def choose(page, column, button):
    """Take one column out of the first list of the page."""
    menu = page.locator(".columns-menu").first
    menu.locator("summary").click()
    menu.get_by_role("checkbox", name=column, exact=True).uncheck()
    menu.get_by_role("button", name=button).click()
