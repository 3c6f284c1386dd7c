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


def test_an_owner_moves_the_account_to_another_zone(page_of_either, estate, sign_in):
    page = page_of_either
    sign_in(page, estate.owner)
    page.goto("/settings/")
    page.get_by_role("link", name="Change time zone").click()
    page.get_by_role("combobox", name="Time zone").select_option("Europe/Berlin")
    page.get_by_role("textbox", name="Reason").fill("We have moved to Berlin")
    page.get_by_role("button", name="Change time zone").click()

    expect(page.locator("#toasts")).to_contain_text("The account's time zone is Europe/Berlin.")
    page.goto("/audit/")
    expect(page.locator(".audit-time time").first).to_have_attribute("title", re.compile("CES?T$"))


def test_a_theme_is_kept_from_page_to_page(page_of_either, estate, sign_in):
    page = page_of_either
    page.emulate_media(color_scheme="light")
    sign_in(page, estate.owner)
    page.goto("/")
    page.locator(".profile-menu summary").click()

    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Dark").click()

    page.goto("/licences/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
