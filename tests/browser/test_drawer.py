"""A session's story beside the list."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.barriers import barriers
from tests.browser.presses import row_of


@pytest.fixture
def link(page, estate, sign_in):
    """A row's link to its session, on the list of sessions."""
    sign_in(page, estate.owner)
    page.goto("/sessions/")
    return row_of(page, estate.jsmith).get_by_role("link", name="Details")


def drawer(page):
    """The open drawer."""
    return page.get_by_role("dialog", name="J. Smith on CAD-017")


def test_opens_and_closes_by_the_keyboard_gives_the_focus_back_and_releases(page, estate, link):
    link.focus()
    page.keyboard.press("Enter")

    expect(drawer(page)).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#drawer, body') !== null")
        assert not page.evaluate("Boolean(document.activeElement.closest('main, header, nav'))")
    page.keyboard.press("Escape")

    expect(drawer(page)).to_be_hidden()
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    for words in ("Last refreshed", "Next refresh due", "Grace ends", "Refused today"):
        expect(drawer(page)).to_contain_text(words)
    assert page.locator(f"[data-session='{estate.jsmith.pk}']").count() == 1
    drawer(page).get_by_role("button", name="Release", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("J. Smith")
    expect(row_of(page, estate.jsmith)).to_have_count(0)


def test_blocks_from_a_dialog_above_it_which_escape_closes_first_and_is_back_at_the_list(
    page, estate, sign_in
):
    sign_in(page, estate.owner)
    page.goto("/sessions/?q=smith&sort=user")
    page.get_by_role("link", name="Details").click()
    expect(drawer(page)).to_be_visible()
    found = barriers(page, "the open drawer")
    block = drawer(page).get_by_role("link", name="Release and block")
    block.click()
    act = page.get_by_role("dialog", name="Release and block")
    expect(act).to_be_visible()
    found |= barriers(page, "the dialog above the drawer")
    page.keyboard.press("Escape")
    expect(act).to_be_hidden()
    expect(drawer(page)).to_be_visible()
    assert found == set()

    block.click()
    act.get_by_role("textbox", name="Reason").fill("Left the company")
    act.get_by_role("button", name="Release and block").click()

    expect(page.locator("#toasts")).to_contain_text("J. Smith can't take a seat from now on.")
    assert page.url.endswith("/sessions/?q=smith&sort=user")
    expect(row_of(page, estate.jsmith)).to_have_count(0)
    estate.jsmith.refresh_from_db()
    assert estate.jsmith.end_reason == "released"


def test_a_new_tab_gets_the_page(page, estate, link):
    for how in ({"modifiers": ["Control"]}, {"button": "middle"}):
        with page.context.expect_page() as opened:
            link.click(**how)
        opened.value.wait_for_url(f"**/sessions/{estate.jsmith.pk}/?next=%2Fsessions%2F")
        expect(page.locator("#drawer")).to_be_hidden()
