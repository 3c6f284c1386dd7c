"""Searching from the bar of every page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

REFUSED = "That looks like a product key. Search by serial number instead."


def box(page):
    """The search field of the bar."""
    return page.get_by_role("searchbox", name="Search people, machines, serial numbers…")


def test_finds_and_opens_by_the_keyboard_on_a_phone(page, estate, sign_in):
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, estate.owner)
    page.goto("/")

    box(page).focus()
    page.keyboard.type("smith")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=smith")
    page.get_by_role("link", name="J. Smith on CAD-017").first.focus()
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/sessions/{estate.jsmith.pk}/")


def pasted_forms(key):
    """A product key as it is, and as documents and web pages make it."""
    full_width = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in key)
    return key, key.replace("-", "\u2212"), "\u200b".join(key), full_width


@pytest.mark.parametrize("scripts", [True, False])
def test_a_product_key_never_leaves_the_browser(new_context, estate, sign_in, scripts):
    page = new_context(java_script_enabled=scripts).new_page()
    sign_in(page, estate.owner)
    page.goto("/")
    sent = []
    page.on("request", lambda request: sent.append(request.url))

    for pasted in pasted_forms(estate.planners.plain):
        box(page).fill(f"key {pasted}")
        box(page).press("Enter")
        box(page).press("End")
    page.goto("/licences/")

    assert not [url for url in sent if "/search/" in url]


def test_says_why_no_product_key_is_sent_and_takes_another_word(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/")

    box(page).fill(estate.planners.plain)
    box(page).press("Enter")
    said = box(page).evaluate("field => field.validationMessage")
    box(page).fill("smith")
    box(page).press("Enter")

    assert said == REFUSED
    page.wait_for_url("**/search/?q=smith")
    expect(page.get_by_role("heading", name="Search")).to_be_visible()
    page.goto("/sessions/")
    field = page.locator("main input[type=search]")
    field.fill(estate.planners.plain)
    field.press("Enter")
    assert field.evaluate("field => field.validationMessage") == REFUSED
    assert page.url.endswith("/sessions/")
