"""Somebody leaves, and everything is taken from them in one step."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from licensing.models import ClientSession
from portal.models import Membership


def test_somebody_leaves_in_one_step(page_of_either, estate, sign_in):
    page = page_of_either
    sign_in(page, estate.owner)
    page.goto("/people/")
    page.get_by_role("link", name="Somebody leaves").click()
    page.get_by_label("User name on their PC").fill("J. Smith")
    page.get_by_label("E-mail address").fill("vic@example.com")
    page.get_by_role("button", name="See what they have").click()
    expect(page.locator("main")).to_contain_text("Open sessions: 1 seat is free at once")

    page.get_by_role("textbox", name="Reason").fill("Left in May")
    page.get_by_role("button", name="Take it away").click()

    expect(page.get_by_role("heading", name="Everything for J. Smith is removed.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download record").click()
    record = json.loads(download.value.path().read_text())
    assert (record["sessions"], record["portal"]) == (
        ["J. Smith on CAD-017, London planners"],
        ["Vic Viewer <vic@example.com>, Viewer"],
    )
    assert not ClientSession.objects.active().filter(pk=estate.jsmith.pk).exists()
    assert not Membership.objects.filter(user=estate.viewer).exists()
