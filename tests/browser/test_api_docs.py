"""The API's documents are pages like all others: no barrier, in either theme."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.barriers import AXE, RUN_AXE, THEMES


def test_have_no_barrier(transactional_db, page, complaints):
    """With an operation opened, and the table of codes."""
    found = set()
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.goto("/api/v1/docs/")
        page.get_by_role("button", name="POST /api/v1/sessions", exact=False).first.click()
        expect(page.get_by_text("Request body").first).to_be_visible()
        page.evaluate(AXE)
        found |= {f"docs {theme}: {text}" for text in page.evaluate(RUN_AXE)}
        page.goto("/api/v1/docs/problems/")
        page.evaluate(AXE)
        found |= {f"problems {theme}: {text}" for text in page.evaluate(RUN_AXE)}

    assert (found, complaints) == (set(), [])
