"""Choosing one's own language and time zone."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def test_reads_german_and_the_time_of_tokyo(page_of_either, estate, sign_in):
    page = page_of_either
    sign_in(page, estate.owner)
    page.goto("/profile/")
    page.get_by_label("Language").select_option("Deutsch")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_role("button", name="Save").click()

    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#toasts")).to_contain_text("Gespeichert.")
    page.goto("/audit/")
    expect(page.get_by_role("heading", name="Protokoll", exact=True)).to_be_visible()
    expect(page.locator(".audit-time time").first).to_have_attribute("title", re.compile("JST$"))
