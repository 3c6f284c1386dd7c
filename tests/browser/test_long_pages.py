"""What stays in sight while somebody scrolls."""

from __future__ import annotations

TOP = "document.querySelector('.topbar').getBoundingClientRect().top"


def test_the_top_bar_stays_to_the_end_of_the_page(page, estate, sign_in):
    page.set_viewport_size({"width": 1280, "height": 400})
    sign_in(page, estate.owner)
    page.goto("/help/")

    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")

    assert page.evaluate("scrollY") > 800
    assert page.evaluate(TOP) == 0
