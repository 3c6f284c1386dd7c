"""The longest words of two languages: no page scrolls sideways on phone, tablet or laptop."""

from __future__ import annotations

from portal.models import User
from tests.words import pseudo

PAGES = [
    "/",
    "/licences/",
    "/licences/?ends=30",
    "/licence-position/",
    "/licences/{licence}/",
    "/licences/{licence}/rules/add/",
    "/sessions/",
    "/sessions/{session}/",
    "/requests/",
    "/security/",
    "/people/",
    "/alerts/",
    "/audit/",
    "/usage/",
    "/usage/denials/",
    "/api-tokens/",
    "/accounts/two-step/",
]
SPILLS = """() => [...document.querySelectorAll("main *")]
    .filter((element) => element.getBoundingClientRect().right > innerWidth)
    .map((element) => element.outerHTML.slice(0, 80))
    .slice(0, 5)"""


def test_fits_on_a_small_phone_a_tablet_and_a_laptop(page, estate, sign_in, monkeypatch, settings):
    pseudo.speak(monkeypatch, settings, pseudo.LongestTranslation)
    User.objects.update(language=pseudo.CODE)
    sign_in(page, estate.owner)

    wide = []
    for path in PAGES:
        page.goto(path.format(licence=estate.planners.licence_id, session=estate.jsmith.pk))
        assert page.locator("html").get_attribute("lang") == pseudo.CODE
        for width in (320, 1024, 1280, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append((path, width, page.evaluate(SPILLS)))

    assert wide == []
