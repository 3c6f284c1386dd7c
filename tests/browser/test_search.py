"""Searching from the bar of every page."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.presses import noting

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


def paste_and_send(page, key):
    """Search for a product key in each of its forms, in turn; what was asked for meanwhile."""
    sent = []
    with noting(page, "request", lambda request: sent.append(request.url)):
        for pasted in pasted_forms(key):
            box(page).fill(f"key {pasted}")
            box(page).press("Enter")
            box(page).press("End")
    return sent


def test_a_product_key_never_leaves_a_browser_without_scripts(without_scripts, estate, sign_in):
    page = without_scripts
    sign_in(page, estate.owner)
    page.goto("/licences/")

    sent = paste_and_send(page, estate.planners.plain)

    assert not [url for url in sent if "/search/" in url]


def test_says_why_no_product_key_is_sent_and_takes_another_word(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/licences/")

    sent = paste_and_send(page, estate.planners.plain)
    said = box(page).evaluate("field => field.validationMessage")
    box(page).fill("smith")
    box(page).press("Enter")

    assert not [url for url in sent if "/search/" in url]
    assert said == REFUSED
    page.wait_for_url("**/search/?q=smith")
    expect(page.get_by_role("heading", name="Search")).to_be_visible()
    page.goto("/sessions/")
    field = page.locator("main input[type=search]")
    field.fill(estate.planners.plain)
    field.press("Enter")
    assert field.evaluate("field => field.validationMessage") == REFUSED
    assert page.url.endswith("/sessions/")
