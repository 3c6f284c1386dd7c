"""Home: what needs attention is followed, put off and shown again."""

from __future__ import annotations

from playwright.sync_api import expect


def test_what_needs_attention_is_followed_put_off_and_shown_again(page_of_either, estate, sign_in):
    page = page_of_either
    sign_in(page, estate.viewer)
    page.goto("/")
    items = page.get_by_role("region", name="Needs attention").get_by_role("listitem")
    at_first = items.all_inner_texts()
    held = items.filter(has_text="beyond its grace period")

    held.get_by_role("button", name="Put off for 7 days").click()
    expect(page.locator("#toasts")).to_contain_text("Put off for 7 days.")
    expect(items).to_have_count(len(at_first) - 1)
    expect(held).to_have_count(0)
    page.get_by_role("button", name="Show the 1 thing that you put off").click()

    expect(items).to_have_count(len(at_first))
    held.get_by_role("link").click()
    expect(page.locator("[data-session]")).to_have_count(1)
    assert page.url.endswith("/sessions/?state=held")
