"""What stays in sight while somebody scrolls."""

from __future__ import annotations

from playwright.sync_api import expect

HEIGHT = "fold => fold.getBoundingClientRect().height"
TOP = "document.querySelector('.topbar').getBoundingClientRect().top"


def test_the_top_bar_stays_to_the_end_of_the_page(page, estate, sign_in):
    page.set_viewport_size({"width": 1280, "height": 400})
    sign_in(page, estate.owner)
    page.goto("/help/")

    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")

    assert page.evaluate("scrollY") > 800
    assert page.evaluate(TOP) == 0


def test_a_folded_section_opens_by_its_anchor_without_scripts_too(without_scripts, estate, sign_in):
    page = without_scripts
    sign_in(page, estate.owner)
    page.goto(f"/licences/{estate.planners.licence_id}/")
    history = page.locator("#history .card-body")
    expect(history).to_be_hidden()

    page.get_by_role("list", name="On this page").get_by_role("link", name="History").click()

    expect(history).to_be_visible()
    expect(page.locator("#history-title")).to_be_in_viewport()
    page.locator("#history-title").click()
    expect(history).to_be_hidden()


def test_on_paper_no_section_is_folded(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto(f"/licences/{estate.planners.licence_id}/")
    assert page.locator("details.fold:not([open])").count() == 2
    folded = page.locator("details.fold").last.evaluate(HEIGHT)

    page.emulate_media(media="print")

    assert page.locator("details.fold").last.evaluate(HEIGHT) > 2 * folded
