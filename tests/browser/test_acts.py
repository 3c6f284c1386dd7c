"""Acts that ask first, in a dialog."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.barriers import barriers


@pytest.fixture
def licence_page(estate):
    return f"/licences/{estate.planners.licence_id}/"


def test_a_dialog_asks_and_gives_the_focus_back(page, licence_page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto(licence_page)
    dialog = page.get_by_role("dialog")

    link = page.get_by_role("link", name="Block somebody")
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
