"""The API's documents are pages like all others: no barrier, in either theme."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.barriers import AXE, COLOURS, said_by_axe

ONE_OF_EACH_KIND = """() => {
    const seen = new Set();
    for (const one of document.querySelectorAll(".opblock, .model-container")) {
        if (seen.has(one.className)) one.remove();
        seen.add(one.className);
    }
}"""
"""Operations and models are made of the same parts: one by each method, and one open, do."""


def test_have_no_barrier(transactional_db, page, complaints):
    """With an operation opened, and the table of codes."""
    page.goto("/api/v1/docs/")
    page.get_by_role("button", name="POST /api/v1/sessions", exact=False).first.click()
    expect(page.get_by_text("Request body").first).to_be_visible()
    page.evaluate(ONE_OF_EACH_KIND)
    assert page.locator(".opblock").count() > 2
    found = in_both_themes(page)
    page.goto("/api/v1/docs/problems/")
    found |= in_both_themes(page)

    assert (found, complaints) == (set(), [])


def in_both_themes(page):
    """What axe complains of: by all its rules, and by those of colours in the dark."""
    page.evaluate(AXE)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = {f"{page.url} light: {text}" for text in said_by_axe(page)}
    page.emulate_media(color_scheme="dark")
    return found | {f"{page.url} dark: {text}" for text in said_by_axe(page, only=COLOURS)}
