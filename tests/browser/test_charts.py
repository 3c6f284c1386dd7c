"""Charts under the keyboard and the pointer: what their cursors say, and where they lead."""

from __future__ import annotations

import datetime as dt
import re

from playwright.sync_api import expect

from licensing.usage.working_time import zone_of
from tests.browser.barriers import barriers


def address_of_today(estate):
    today = dt.datetime.now(zone_of(estate.account)).date()
    return re.compile(rf"/usage/\?.*from={today}&until={today}")


def test_a_day_is_opened_by_arrow_keys_and_its_sessions_are_read(page, estate, sign_in, complaints):
    sign_in(page, estate.owner)
    page.goto("/usage/")
    cursor = page.locator("#peaks .chart-cursor")
    cursor.focus()
    today = cursor.get_attribute("aria-valuetext")

    page.keyboard.press("ArrowLeft")
    assert cursor.get_attribute("aria-valuetext") != today
    page.keyboard.press("ArrowRight")
    expect(page.locator("#peaks .chart-says")).to_have_text(today)
    page.keyboard.press("Enter")

    expect(page).to_have_url(address_of_today(estate))
    sessions = page.locator("#day .chart-cursor")
    sessions.focus()
    page.keyboard.press("ArrowDown")
    page.locator("#day summary", has_text="Show as table").press("Enter")
    row = page.locator("#day tr[data-says]").nth(1)
    expect(row).to_be_visible()
    assert row.get_attribute("data-says") == sessions.get_attribute("aria-valuetext")
    assert (barriers(page, "/usage/"), complaints) == (set(), [])


def test_a_small_bar_leads_to_its_day(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/")
    link = page.locator("chart-days a").first
    whole = link.get_attribute("href")
    link.scroll_into_view_if_needed()
    box = link.bounding_box()

    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + 5)
    expect(link).to_have_attribute("href", address_of_today(estate))
    page.mouse.move(5, 5)

    assert link.get_attribute("href").endswith(whole)


def test_use_is_filtered_compared_and_asked_what_if_without_a_mouse(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/usage/")
    page.locator("summary", has_text="All pools").press("Enter")
    page.get_by_role("checkbox", name="London planners").press("Space")
    page.get_by_label("Compare with the days before").press("Space")
    page.get_by_label("Compare with the days before").press("Enter")

    expect(page).to_have_url(re.compile(rf"licence={estate.planners.licence_id}&.*compare=1"))
    expect(page.get_by_text("Before: from")).to_be_visible()
    expect(page.locator("[data-tile=peak] .stat-note")).to_contain_text("before")
    page.get_by_label("What if we had so many seats?").fill("1")
    page.keyboard.press("Enter")

    expect(page.locator("#sizes [role=status]")).to_contain_text("1 seat would have")
    expect(page.get_by_label("Compare with the days before")).to_be_checked()
    expect(page.locator("summary", has_text="1 licence")).to_be_visible()
