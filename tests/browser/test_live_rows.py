"""The list of sessions stays fresh by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from licensing import sessions
from tests.browser.presses import noting
from tests.factories import make_client, make_session, move_back

A_POLL_LATER = 16_000


@pytest.fixture
def page(timed):
    """A page whose clock is in the test's hand."""
    return timed.pages[0]


def test_rows_change_by_themselves_and_are_released_in_place(page, timed, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/sessions/?q=nova")
    page.evaluate("window.sameDocument = true")
    expect(page.locator("#session-foot")).to_contain_text("No sessions match.")

    nova = make_session(estate.planners, make_client(username="nova", machine_name="CAD-099"))
    page.clock.fast_forward(A_POLL_LATER)

    row = page.locator(f"[data-session='{nova.pk}']")
    expect(row).to_contain_text("CAD-099")
    expect(page.locator("#session-chips")).to_contain_text("All 1")
    expect(page.locator("[data-announce]")).to_have_text("1 session started.")
    expect(page.locator("#session-foot")).not_to_contain_text("No sessions match.")

    page.get_by_role("button", name="Pause").click()
    sessions.close(nova.pk)
    page.clock.fast_forward(A_POLL_LATER)
    expect(row).to_have_count(1)

    page.get_by_role("button", name="Resume").click()
    expect(row).to_have_count(0)
    expect(page.locator("[data-announce]")).to_have_text("1 session ended.")

    make_session(estate.planners, make_client(username="nova"))
    page.clock.fast_forward(A_POLL_LATER)
    release = page.locator("tr[data-session]").get_by_role("button", name="Release")
    expect(release).to_be_visible()
    with page.expect_response("**/sessions/rows/**"):  # the next poll comes after this one
        release.click()
    expect(page.locator("#toasts")).to_contain_text("Released nova")
    assert page.evaluate("window.sameDocument")

    timed.clear_cookies()  # they sign out elsewhere
    page.clock.fast_forward(A_POLL_LATER)
    page.wait_for_url("**/accounts/login/?next=/sessions/%3Fq%3Dnova")


def test_rows_that_come_have_the_columns_of_the_page(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/sessions/")
    page.locator(".columns-menu summary").click()
    for column in ("Licence", "State", "Length"):
        page.get_by_role("checkbox", name=column, exact=True).uncheck()
    page.get_by_role("checkbox", name="Key label").check()
    page.get_by_role("radio", name="Compact").check()
    page.get_by_role("button", name="Apply").click()
    headings = page.locator("thead th")
    expect(headings.filter(has_text="Key label")).to_have_count(1)

    nova = make_session(estate.planners, make_client(username="nova", machine_name="CAD-099"))
    page.clock.fast_forward(A_POLL_LATER)

    row = page.locator(f"[data-session='{nova.pk}']")
    expect(row.locator("td")).to_have_count(headings.count())
    expect(row.locator("[data-label='State']")).to_have_count(0)
    expect(page.locator("table.is-compact")).to_have_count(1)
    assert row.bounding_box()["height"] < 30  # twenty on a laptop's screen


def test_the_focus_stays_on_its_row(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/sessions/?sort=user")
    row = page.locator(f"[data-session='{estate.jsmith.pk}']")
    button = row.get_by_role("button", name="Release", exact=True)
    button.focus()

    make_session(estate.planners, make_client(username="Aaron", machine_name="CAD-099"))
    move_back(estate.jsmith, dt.timedelta(minutes=10))
    page.clock.fast_forward(A_POLL_LATER)

    expect(row).to_contain_text("Quiet")
    expect(button).to_be_focused()
    expect(page.locator("[data-show]")).to_have_text("1 new · Show")


HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
WAITING = {
    "a dialog is open": (
        lambda page: page.evaluate("document.getElementById('dialog').showModal()"),
        lambda page: page.evaluate("document.getElementById('dialog').close()"),
    ),
    "a row is ticked": (
        lambda page: page.locator("tbody input[type=checkbox]").first.check(),
        lambda page: page.locator("tbody input[type=checkbox]").first.uncheck(),
    ),
    "the tab is hidden": (
        lambda page: page.evaluate(HIDE, True),
        lambda page: page.evaluate(HIDE, False),
    ),
}


def test_rows_wait_while_somebody_is_busy(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/sessions/")
    asked, asked_meanwhile = [], []

    for why, (begin, end) in WAITING.items():
        begin(page)
        nova = make_session(estate.planners, make_client(username="nova"))
        asked.clear()
        with noting(page, "request", lambda request: asked.append(request.url)):
            page.clock.fast_forward(A_POLL_LATER)
        asked_meanwhile += [(why, url) for url in asked if "/rows/" in url]
        end(page)
        page.clock.fast_forward(A_POLL_LATER)
        expect(page.locator(f"[data-session='{nova.pk}']")).to_have_count(1)

    assert asked_meanwhile == []


def test_a_row_that_the_page_has_lost_comes_again(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/sessions/?sort=user")
    page.evaluate("""() => {
        const list = document.querySelector("live-rows");
        const told = list.digests();
        list.digests = () => told;
        document.querySelector("#session-rows tr").remove();
    }""")
    rows = page.locator("#session-rows tr")
    left = rows.count()
    make_session(estate.planners, make_client(username="zzz"))

    page.clock.fast_forward(A_POLL_LATER)
    page.clock.fast_forward(2000)

    expect(rows).to_have_count(left + 2)
