"""The longest words and the longest language: no page scrolls sideways on a small phone."""

from __future__ import annotations

import pytest

from portal.models import User
from tests.words import pseudo

PAGES = [
    "/",
    "/licences/",
    "/licences/{licence}/",
    "/licences/{licence}/rules/add/",
    "/sessions/",
    "/sessions/{session}/",
    "/requests/",
    "/security/",
    "/people/",
    "/audit/",
    "/usage/denials/",
    "/api-tokens/",
    "/accounts/two-step/",
]
SPILLS = """() => [...document.querySelectorAll("main *")]
    .filter((element) => element.getBoundingClientRect().right > innerWidth)
    .map((element) => element.outerHTML.slice(0, 80))
    .slice(0, 5)"""


@pytest.mark.parametrize("language", ["de", pseudo.CODE])
def test_fits_on_a_small_phone(page, estate, sign_in, monkeypatch, settings, language):
    pseudo.speak(monkeypatch, settings)
    User.objects.update(language=language)
    sign_in(page, estate.owner)
    page.set_viewport_size({"width": 320, "height": 900})

    wide = []
    for path in PAGES:
        page.goto(path.format(licence=estate.planners.licence_id, session=estate.jsmith.pk))
        assert page.locator("html").get_attribute("lang") == language
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append((path, page.evaluate(SPILLS)))

    assert wide == []
