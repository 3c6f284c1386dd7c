"""Choosing licences, then tagging them and freeing their devices together."""

from __future__ import annotations

from playwright.sync_api import expect

from portal.licences import tags


def test_tags_what_was_ticked_and_undoes_it(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/licences/")
    page.get_by_role("row", name="London planners").get_by_role("checkbox").check()
    page.get_by_role("row", name="Estimator").get_by_role("checkbox").check()

    page.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_label("Tags", exact=True).fill("Bridge, CAD")
    page.get_by_role("button", name="Save").click()

    expect(page.locator("#toasts")).to_contain_text("Changed the tags of 2 licences.")
    expect(page.get_by_role("link", name="Bridge")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("The tags are as they were before.")
    assert tags.known(estate.account) == []
