"""Acts that ask first, in a dialog."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.barriers import barriers

IS_IN_DIALOG = "document.activeElement.closest('dialog[open]') !== null"
HAS_FOCUS_IN_PAGE = "document.activeElement !== document.body"


@pytest.fixture
def licence_page(estate):
    return f"/licences/{estate.planners.licence_id}/"


def test_a_dialog_asks_keeps_the_focus_and_gives_it_back(page, licence_page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto(licence_page)
    dialog = page.get_by_role("dialog")

    link = page.get_by_role("link", name="Block somebody")
    link.press("Enter")
    expect(dialog.get_by_role("link", name="Cancel")).to_be_focused()
    for key in ["Tab"] * 12 + ["Shift+Tab"] * 12:
        page.keyboard.press(key)
        assert page.evaluate(f"{IS_IN_DIALOG} || !({HAS_FOCUS_IN_PAGE})")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()
    link.click()
    dialog.get_by_role("link", name="Cancel").click()
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()
    link.click()
    expect(dialog.get_by_role("link", name="Cancel")).to_be_focused()
    assert barriers(page, "the dialog") == set()
    dialog.get_by_role("textbox", name="User").fill("ACME\\temp*")
    dialog.get_by_label("Reason").fill("Summer is over")
    dialog.get_by_role("button", name="Block").click()

    expect(page.locator("#toasts")).to_contain_text("ACME\\temp* can't take a seat from now on.")
    expect(page.locator("#rules tbody")).to_contain_text("Summer is over")
