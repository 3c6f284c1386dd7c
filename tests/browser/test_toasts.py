"""What was done is told for ten seconds, and longer while somebody reads it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

A_MOMENT, LONGER = 9_000, 2_000


@pytest.fixture
def page(timed):
    """A page whose clock is in the test's hand."""
    return timed.pages[0]


def release(page):
    """Release somebody and leave them with the pointer; what is told of it."""
    page.clock.fast_forward(LONGER)  # no row has moved of late
    rows = page.locator("tr[data-session]")
    rows.first.get_by_role("button", name="Release", exact=True).click()
    told = page.locator("undo-toast").filter(has_text="Released")
    expect(told).to_be_visible()
    page.mouse.move(0, 0)
    return told


def test_leaves_by_itself_unless_it_is_pointed_at_or_has_the_focus(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto(f"/licences/{estate.planners.licence_id}/")

    toast = release(page)
    page.clock.fast_forward(A_MOMENT)
    expect(toast).to_be_visible()
    page.clock.fast_forward(LONGER)
    expect(toast).to_have_count(0)

    toast = release(page)
    toast.hover()
    page.clock.fast_forward(A_MOMENT + LONGER)
    expect(toast).to_be_visible()
    page.mouse.move(0, 0)
    page.clock.fast_forward(A_MOMENT + LONGER)
    expect(toast).to_have_count(0)

    toast = release(page)
    toast.hover()
    toast.get_by_role("button", name="Undo").focus()
    page.mouse.move(0, 0)  # it has the focus still
    page.clock.fast_forward(A_MOMENT + LONGER)
    expect(toast).to_be_visible()
    toast.get_by_role("button", name="Dismiss").click()
    expect(toast).to_have_count(0)
