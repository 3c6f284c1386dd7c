"""Choosing licences, then tagging them and freeing their devices together."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from licensing.models import Device
from portal.licences import tags


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def browser_page(new_context, request):
    """A page of a browser with scripts, and of one without."""
    return new_context(java_script_enabled=request.param).new_page()


def test_tags_what_was_ticked_and_undoes_it(browser_page, estate, sign_in):
    page = browser_page
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


def test_frees_the_devices_of_what_was_ticked(browser_page, estate, sign_in):
    page = browser_page
    sign_in(page, estate.owner)
    page.goto("/licences/?unused=30")
    expect(page.get_by_role("heading", name="Concurrent User Licence Pools")).to_have_count(0)
    page.get_by_role("row", name="Estimator").get_by_role("checkbox").check()

    page.get_by_role("button", name="Free device").click()
    expect(page.get_by_role("heading", name="Free 1 device?")).to_be_visible()
    page.get_by_role("textbox", name="Reason").fill("Not used any more")
    page.get_by_role("button", name="Free them").click()

    expect(page.locator("#toasts")).to_contain_text("Freed 1 device.")
    assert not Device.objects.bound().filter(licence__name="Estimator").exists()
