"""Releasing a session by one press, with scripts and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from licensing import errors, sessions
from tests.browser.presses import row_of, sending_nothing
from tests.factories import make_client

WORDS = (
    "Released J. Smith on CAD-017. 3 of 10 in use. "
    "They can keep working; the program takes a new seat if one is free."
)


def open_sessions(estate):
    """How many sessions hold a seat."""
    return estate.account.sessions.active().count()


def test_one_press_releases_in_place(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/sessions/")
    page.evaluate("window.sameDocument = true")
    expect(row_of(page, estate.jsmith)).to_have_count(1)

    row_of(page, estate.jsmith).get_by_role("button", name="Release", exact=True).click()

    expect(row_of(page, estate.jsmith)).to_have_count(0)
    expect(page.locator("#toasts")).to_contain_text(WORDS)
    expect(page.locator("#session-chips")).to_contain_text("All 8")
    assert page.evaluate("window.sameDocument && document.activeElement !== document.body")
    with pytest.raises(errors.SessionReleased):
        sessions.refresh(estate.jsmith.pk)
    sessions.check_out(estate.planners, make_client())


def test_one_press_releases_without_scripts(without_scripts, estate, sign_in):
    page = without_scripts
    sign_in(page, estate.owner)
    page.goto("/sessions/?sort=user&q=smith")

    row_of(page, estate.jsmith).get_by_role("button", name="Release", exact=True).click()

    expect(page.locator("#toasts")).to_contain_text(WORDS)
    assert page.url.endswith("/sessions/?sort=user&q=smith")
    expect(row_of(page, estate.jsmith)).to_have_count(0)
    with pytest.raises(errors.SessionReleased):
        sessions.refresh(estate.jsmith.pk)


def press(page, *, click):
    """Press where the mouse rests, for the first time or the second."""
    page.mouse.down(click_count=click)
    page.mouse.up(click_count=click)


def test_a_double_click_releases_nobody_else(timed, estate, sign_in):
    page = timed.pages[0]
    sign_in(page, estate.owner)
    page.goto("/sessions/?sort=user")
    before = open_sessions(estate)
    page.locator("[data-session] button").first.hover()
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)

    press(page, click=1)
    expect(page.locator("[data-session]")).to_have_count(before - 1)
    with sending_nothing(page):
        press(page, click=2)

    assert open_sessions(estate) == before - 1


def test_a_release_that_fails_says_so_and_so_does_a_session_that_is_over(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/sessions/")
    page.route("**/release/", lambda route: route.fulfill(status=503, body="down"))
    release = row_of(page, estate.jsmith).get_by_role("button", name="Release", exact=True)

    release.click()
    expect(page.locator("#toasts")).to_contain_text("That didn't work.")
    expect(row_of(page, estate.jsmith)).to_have_count(1)

    page.unroute("**/release/")
    sessions.close(estate.jsmith.pk)
    release.click()
    expect(page.locator("#toasts")).to_contain_text("Closed by its user.")
    expect(row_of(page, estate.jsmith)).to_have_count(0)
