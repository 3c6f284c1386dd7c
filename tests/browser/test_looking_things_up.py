"""Finding what happened: sessions by tokens, denials, the audit record."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from licensing.models import Denial
from tests.browser.test_release import open_sessions


def test_finds_a_session_by_tokens(page_of_either, estate, sign_in):
    page = page_of_either
    sign_in(page, estate.viewer)
    page.goto("/sessions/")
    rows = page.locator("[data-session]")
    search = page.locator("main").get_by_role("searchbox")
    everybody = open_sessions(estate)
    expect(rows).to_have_count(everybody)

    search.fill('user:smith pool:"London planners" site:york')
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("No filter called 'site'.")).to_be_visible()
    expect(page.get_by_text("No sessions match.")).to_be_visible()
    search.fill('user:smith pool:"London planners"')
    search.press("Enter")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("CAD-017")

    page.get_by_role("link", name="user:smith").click()
    expect(rows).to_have_count(4)
    page.get_by_role("link", name="Clear", exact=True).click()
    expect(rows).to_have_count(everybody)


def test_finds_who_was_refused(page_of_either, estate, sign_in):
    page = page_of_either
    denial = Denial.objects.get()
    sign_in(page, estate.viewer)
    page.goto("/usage/denials/")
    rows = page.locator("main tbody tr")
    expect(rows).to_contain_text([denial.username])

    page.get_by_role("combobox", name="Reason").select_option("Bound to another device")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("No denials match.")).to_be_visible()
    page.get_by_role("link", name="Clear filters").click()
    page.locator("main").get_by_role("searchbox").fill(denial.machine_name)
    page.get_by_role("combobox", name="Licence").select_option("Tender office")
    page.get_by_role("combobox", name="Reason").select_option("All seats in use")
    page.get_by_role("button", name="Show", exact=True).click()

    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("1 of 1")


def test_narrows_verifies_and_exports_the_audit_record(page_of_either, estate, sign_in):
    page = page_of_either
    sign_in(page, estate.owner)
    page.goto("/audit/")
    entries = estate.account.audit_entries.count()
    page.get_by_role("button", name="Verify").click()
    expect(page.locator("#toasts")).to_contain_text(f"Unbroken, {entries} entries.")

    page.get_by_role("combobox", name="Kind").select_option("Access rules")
    page.get_by_role("button", name="Show", exact=True).click()
    lines = page.locator(".audit-line")
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text("Reason: The site team has licences of its own")
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON Lines (JSONL)").click()

    [line] = download.value.path().read_text().splitlines()
    assert json.loads(line)["Action"] == "rule_added"
