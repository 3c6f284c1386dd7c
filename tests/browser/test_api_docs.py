"""The API's documents are pages like all others: no barrier, in either theme."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.barriers import COLOURS, said_by_axe

MODELS_OF_EACH_KIND = """() => {
    const seen = new Set();
    for (const one of document.querySelectorAll(".model-container")) {
        if (seen.has(one.className)) one.remove();
        seen.add(one.className);
    }
}"""
"""Models are made of the same parts: one of each kind does."""


def cut(document):
    """The document with an operation of each method and an event, and the models of these."""
    paths, events, models = document["paths"], document["webhooks"], document["components"]
    by_method = {method: path for path, item in paths.items() for method in item}
    by_method["post"] = "/api/v1/sessions"
    document["paths"] = {path: {method: paths[path][method]} for method, path in by_method.items()}
    document["webhooks"] = dict([*events.items()][:1])
    all_models, models["schemas"], left = models["schemas"], {}, named_in(document)
    while left:
        models["schemas"] |= {name: all_models[name] for name in left}
        left = named_in(models["schemas"]) - models["schemas"].keys()
    return document


def named_in(part):
    """The models that a part of the document names."""
    return set(re.findall(r"#/components/schemas/(\w+)", json.dumps(part)))


@pytest.fixture
def some(page):
    """The page gets little of the document: all is made of the same parts."""
    page.route("**/api/v1/schema/", lambda route: route.fulfill(json=cut(route.fetch().json())))


def test_have_no_barrier(transactional_db, page, some, complaints):
    """With an operation opened, and the table of codes."""
    page.goto("/api/v1/docs/")
    page.locator(".opblock-post .opblock-summary-control").first.click()
    expect(page.get_by_text("Request body").first).to_be_visible()
    page.evaluate(MODELS_OF_EACH_KIND)
    assert page.locator(".opblock").count() > 2
    found = in_both_themes(page)
    page.goto("/api/v1/docs/problems/")
    found |= in_both_themes(page)

    assert (found, complaints) == (set(), [])


def in_both_themes(page):
    """What axe complains of: by all its rules, and by those of colours in the dark."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = {f"{page.url} light: {text}" for text in said_by_axe(page)}
    page.emulate_media(color_scheme="dark")
    return found | {f"{page.url} dark: {text}" for text in said_by_axe(page, only=COLOURS)}
