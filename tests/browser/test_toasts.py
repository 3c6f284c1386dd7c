"""What was done is told for ten seconds, and longer while somebody reads it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

A_MOMENT, LONGER = 9_000, 2_000


@pytest.fixture
def page(timed):
    """A page whose clock is in the test's hand."""
    return timed.new_page()


@pytest.fixture
def toast(page, estate, sign_in):
    """What is told of a release."""
    sign_in(page, estate.owner)
    page.goto(f"/licences/{estate.planners.licence_id}/")
    page.get_by_role("button", name="Release", exact=True).first.click()
    told = page.locator("undo-toast").filter(has_text="Released")
    expect(told).to_be_visible()
    return told


def test_leaves_by_itself_after_ten_seconds(page, toast):
    page.clock.fast_forward(A_MOMENT)
    expect(toast).to_be_visible()

    page.clock.fast_forward(LONGER)

    expect(toast).to_have_count(0)


def test_stays_while_it_is_pointed_at(page, toast):
    toast.hover()
    page.clock.fast_forward(A_MOMENT + LONGER)
    expect(toast).to_be_visible()

    page.mouse.move(0, 0)
    page.clock.fast_forward(A_MOMENT + LONGER)

    expect(toast).to_have_count(0)


def test_stays_while_it_has_the_focus_and_goes_when_it_is_put_away(page, toast):
    toast.hover()
    toast.get_by_role("button", name="Undo").focus()
    page.mouse.move(0, 0)  # it has the focus still

    page.clock.fast_forward(A_MOMENT + LONGER)

    expect(toast).to_be_visible()
    toast.get_by_role("button", name="Dismiss").click()
    expect(toast).to_have_count(0)
