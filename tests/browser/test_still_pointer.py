"""A press releases whom it was meant for, or nobody: what is under a still pointer stays there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from licensing import sessions
from licensing.models import ClientSession
from portal.models import Role
from portal.people import invitations
from tests.browser.presses import sending_nothing
from tests.factories import TESTER, make_client, make_session

A_POLL_LATER = 16_000
A_MOMENT = 450
UNDO_IS_OVER = 12_000


@pytest.fixture
def page(timed):
    """A page whose clock is in the test's hand."""
    return timed.pages[0]


def row_of(page, session):
    """The row of a session that may be released."""
    return page.locator(f"[data-session='{session.pk}']")


def point_at(page, control):
    """Rest the mouse on a control, for longer than it may be on its way."""
    control.hover()
    page.clock.fast_forward(1100)


def press(page):
    """Press where the mouse rests."""
    page.mouse.down()
    page.mouse.up()


@pytest.fixture
def list_page(page, estate, sign_in):
    """The list of sessions by user, with its clock in hand."""
    sign_in(page, estate.owner)
    page.goto("/sessions/?sort=user")
    return page


def test_two_presses_at_one_spot_release_one_person(list_page, estate):
    page = list_page
    before = ClientSession.objects.active().count()
    first = page.locator("[data-session]").first
    point_at(page, first.get_by_role("button", name="Release", exact=True))
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    press(page)
    expect(page.locator("[data-session]")).to_have_count(before - 1)

    page.clock.run_for(A_MOMENT)
    with sending_nothing(page):
        press(page)

    assert ClientSession.objects.active().count() == before - 1
    expect(page.locator("tr.is-released")).to_contain_text("Released")


ANSWER_IS_LATE = """() => {
  const { ask } = page;
  page.isThere = new Promise((tell) => {
    page.ask = async (...asked) => {
      const answer = await ask(...asked);
      if (asked[1]?.method === "POST") await new Promise((hand) => tell((page.hand = hand)));
      return answer;
    };
  });
}"""


def test_a_release_that_the_list_tells_of_before_its_answer_comes_is_no_failure(list_page):
    page = list_page
    page.evaluate(ANSWER_IS_LATE)
    first = page.locator("[data-session]").first
    point_at(page, first.get_by_role("button", name="Release", exact=True))
    press(page)
    page.evaluate("async () => void (await page.isThere)")
    page.clock.fast_forward(A_POLL_LATER)
    expect(page.locator("tr.is-over")).to_have_count(1)

    page.evaluate("page.hand()")

    expect(page.locator("tr.is-over")).to_contain_text("Released")
    expect(page.get_by_text("That didn't work")).to_have_count(0)


@pytest.mark.parametrize("where", ["/sessions/?sort=user", "/licences/{}/"])
def test_a_released_row_keeps_its_place_until_its_toast_has_gone(page, estate, sign_in, where):
    sign_in(page, estate.owner)
    page.goto(where.format(estate.planners.licence_id))
    rows = page.locator("tbody tr[id^=session-]")
    places = [row.get_attribute("id") for row in rows.all()]
    rows.nth(1).get_by_role("button", name="Release", exact=True).click()
    expect(rows.nth(1).get_by_role("button", name="Put back")).to_be_focused()
    tops = rows.evaluate_all("rows => rows.map(row => row.getBoundingClientRect().top)")

    assert [row.get_attribute("id") for row in rows.all()] == places
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    page.clock.fast_forward(5000)
    assert rows.evaluate_all("rows => rows.map(row => row.getBoundingClientRect().top)") == tops

    page.clock.fast_forward(UNDO_IS_OVER)
    page.clock.fast_forward(UNDO_IS_OVER)

    expect(page.locator("tr.is-released")).to_have_count(0)


def test_the_rows_own_button_puts_the_session_back_and_the_focus_is_in_its_row(
    page, estate, sign_in
):
    sign_in(page, estate.owner)
    page.goto("/sessions/?q=smith")
    button = row_of(page, estate.jsmith).get_by_role("button", name="Release", exact=True)
    button.press("Enter")
    put_back = page.locator("tr.is-released").get_by_role("button", name="Put back")
    expect(put_back).to_be_focused()
    page.clock.fast_forward(UNDO_IS_OVER)
    page.clock.fast_forward(UNDO_IS_OVER)  # it is read in its row still

    put_back.press("Enter")

    expect(page.locator("#toasts")).to_contain_text("Put back.")
    expect(row_of(page, estate.jsmith)).to_have_count(1)
    expect(button).to_be_focused()
    page.clock.fast_forward(1000)  # what has just come takes no key yet
    button.press("Enter")
    expect(put_back).to_be_focused()
    page.keyboard.press("z")  # undoes the last release, wherever the focus is
    expect(row_of(page, estate.jsmith)).to_have_count(1)
    expect(put_back).to_have_count(0)


def test_a_second_enter_does_not_put_it_back(list_page, estate):
    page = list_page
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    button = row_of(page, estate.jsmith).get_by_role("button", name="Release", exact=True)
    button.press("Enter")
    put_back = page.locator("tr.is-released").get_by_role("button", name="Put back")
    expect(put_back).to_be_focused()

    page.clock.run_for(A_MOMENT)
    with sending_nothing(page):
        page.keyboard.press("Enter")

    expect(put_back).to_be_focused()
    assert not ClientSession.objects.active().filter(pk=estate.jsmith.pk).exists()


def test_no_row_comes_or_goes_while_the_list_is_pointed_at(list_page, estate):
    page = list_page
    aaron = make_session(estate.planners, make_client(username="Aaron"))
    first = page.locator("#session-rows tr").first
    held = first.get_attribute("id")
    second = page.locator("#session-rows tr").nth(1).get_attribute("id")
    point_at(page, first)
    sessions.close(ClientSession.objects.get(pk=second.removeprefix("session-")).pk)

    page.clock.fast_forward(A_POLL_LATER)

    expect(page.locator("[data-show]")).to_have_text("1 new · Show")
    expect(page.locator(f"#{second}")).to_contain_text("Ended")
    expect(page.locator(f"#{second} button")).to_have_count(0)
    assert first.get_attribute("id") == held
    page.locator("[data-show]").click()
    expect(row_of(page, aaron)).to_have_count(1)
    expect(page.locator(f"#{second}")).to_have_count(0)


def test_what_waited_comes_when_the_pointer_has_left_and_what_comes_last_at_once(list_page, estate):
    page = list_page
    point_at(page, page.locator("#session-rows tr").first)
    last = make_session(estate.planners, make_client(username="zzz"))
    page.clock.fast_forward(A_POLL_LATER)
    expect(row_of(page, last)).to_have_count(1)
    expect(page.locator("[data-show]")).to_be_hidden()

    aaron = make_session(estate.planners, make_client(username="Aaron"))
    page.clock.fast_forward(A_POLL_LATER)
    expect(page.locator("[data-show]")).to_be_visible()
    page.mouse.move(0, 0)
    page.clock.fast_forward(2500)

    expect(row_of(page, aaron)).to_have_count(1)
    expect(page.locator("[data-show]")).to_be_hidden()


def test_a_tap_just_after_a_move_does_nothing_and_says_so(new_context, estate, sign_in):
    page = new_context(has_touch=True).new_page()
    page.clock.install()
    sign_in(page, estate.owner)
    page.goto("/sessions/?sort=user")
    before = ClientSession.objects.active().count()
    make_session(estate.planners, make_client(username="Aaron"))
    page.clock.pause_at(page.evaluate("Date.now()") + A_POLL_LATER)
    button = row_of(page, estate.jsmith).get_by_role("button", name="Release", exact=True)
    expect(page.locator("#session-rows tr").first).to_contain_text("Aaron")

    button.tap()
    expect(page.locator("#toasts")).to_contain_text("nothing was done. Press again.")
    assert ClientSession.objects.active().count() == before + 1

    page.clock.fast_forward(700)
    button.tap()
    expect(row_of(page, estate.jsmith)).to_have_count(0)


def test_a_tick_stays_with_its_row(list_page, estate):
    page = list_page
    asked = []
    page.route("**/sessions/rows/**", lambda route: asked.append(route))
    make_session(estate.planners, make_client(username="Aaron"))
    with page.expect_request("**/sessions/rows/**"):
        page.clock.fast_forward(A_POLL_LATER)
    box = row_of(page, estate.jsmith).get_by_role("checkbox")

    box.check()
    with page.expect_response("**/sessions/rows/**"):
        asked[0].continue_()
    page.wait_for_function("() => !document.querySelector('live-rows').busy")

    expect(box).to_be_checked()
    ticked = page.locator("[name=chosen]:checked")
    assert ticked.evaluate_all("boxes => boxes.map(box => box.value)") == [str(estate.jsmith.pk)]


def test_a_list_that_comes_again_takes_no_press_of_a_pointer_that_rests(page, estate, sign_in):
    """The next invitation stands where the cancelled one stood."""
    invitations.invite(estate.account, "newer@example.com", Role.VIEWER, by=TESTER)
    sign_in(page, estate.owner)
    page.goto("/people/")
    page.clock.pause_at(page.evaluate("Date.now()") + 2000)
    cancel = page.get_by_role("button", name="Cancel").first
    cancel.hover()
    press(page)
    expect(page.locator("#toasts")).to_contain_text("Cancelled.")

    with sending_nothing(page):
        press(page)

    assert estate.account.invitations.pending().count() == 1
