"""The form of an alert rule asks for what goes with the kind that is chosen."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.barriers import barriers


def test_another_kind_asks_for_something_else(page, estate, sign_in, complaints):
    sign_in(page, estate.owner)
    page.goto("/alerts/rules/add/")
    page.get_by_role("radio", name="Seat held").check()
    expect(page.get_by_role("combobox", name="Pool full: from when on")).to_be_hidden()
    page.get_by_role("radio", name="Pool full").check()
    page.get_by_role("combobox", name="Pool full: from when on").select_option("90")

    assert (barriers(page, "the form of an alert rule"), complaints) == (set(), [])
