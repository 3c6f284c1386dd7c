"""What keeps people from using a page: looked for by axe, in every theme and width."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RUN_AXE = """async (asked) => {
    const { all, only, without = [] } = asked ?? { all: true };
    const parts = all ? document : document.querySelectorAll("main, dialog[open]");
    const grave = ({ impact }) => impact === "serious" || impact === "critical";
    const lesser = axe._audit.rules.filter((rule) => !grave(rule)).map(({ id }) => id);
    const rules = Object.fromEntries([...lesser, ...without].map((id) => [id, { enabled: false }]));
    const options = only ? { runOnly: only } : { rules };
    const { violations } = await axe.run(parts, { resultTypes: ["violations"], ...options });
    return violations
        .filter(grave)
        .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`);
}"""
WIDTHS = (320, 768, 1280)
THEMES = ("light", "dark")
BIG_LETTERS_AT = ("dark", WIDTHS[-1])
"""The look that every page has, whatever the order: twice the letters are for a desktop."""
COLOURS = ["color-contrast", "link-in-text-block"]
"""All that can differ between the themes, which change colours and nothing else."""
BETWEEN = ["scrollable-region-focusable"]
"""What a width between phone and desktop can add to what was looked at on both."""
THE_SAME_LIST = (
    "/search/?q=nobody",
    "/licences/?q=no+such+licence",
    "/licences/?unused=90",
    "/sessions/?q=nobody",
    "/sessions/?state=held",
    "/sessions/?cols=user",
    "/usage/denials/?q=nobody&only=true",
    "/audit/?who=nobody",
    "/people/?q=nobody",
)
ON_THE_WAY = re.compile(r"http|/accounts/two-step/[\w-]+/.")
"""Steps of signing in and of setting it up: sheets and forms, as others are at each width."""
WITH_WHAT_STANDS_AROUND = ("/", "the profile menu")
"""Where the bar, the menus and the foot of every page are looked at in each theme and width."""


def barriers(page, path):
    """What is wrong with the page in either theme at any width, and with letters twice as big."""
    found = set()
    page.evaluate(AXE)
    for theme, width, asked in beginning_as_it_is(page, list(looks(path))):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)  # a frame later
        found |= {f"{path} {theme} {width}: {text}" for text in page.evaluate(RUN_AXE, asked)}
        if scrolls_sideways(page):
            found.add(f"{path} {width}: scrolls sideways")
        if (theme, width) == BIG_LETTERS_AT:
            with letters_twice_as_big(page):
                if scrolls_sideways(page):
                    found.add(f"{path}: scrolls sideways with big letters")
    return found


def beginning_as_it_is(page, looked_at):
    """The looks in the order that changes a window least: each change lays the page out anew."""
    is_wide = page.viewport_size["width"] == WIDTHS[-1]
    return reversed(looked_at) if is_wide else looked_at


def looks(path):
    """How a page is looked at: light by all rules, whole on a phone; dark by its colours.

    A list that is narrowed to little is the list that was looked at, and a step on a way is made
    of what other pages are made of: once is enough. Which colours may stand on each other is
    tested without a browser, in both themes (``tests/product/test_contrast.py``): one width shows
    whether a page keeps to them in the dark.
    """
    phone, tablet, desktop = WIDTHS
    is_whole = path in WITH_WHAT_STANDS_AROUND
    yield "light", phone, {"all": True}
    if path not in THE_SAME_LIST and not ON_THE_WAY.match(path):
        yield "light", tablet, {"all": is_whole, "only": BETWEEN}
        yield "light", desktop, {"all": is_whole, "without": [] if is_whole else COLOURS}
    if is_whole:
        yield "dark", phone, {"all": True, "only": COLOURS}
    yield "dark", desktop, {"all": is_whole, "only": COLOURS}


def scrolls_sideways(page):
    """Whether something on the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@contextmanager
def letters_twice_as_big(page):
    """As for somebody who has told their browser so."""
    browser = page.context.new_cdp_session(page)
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    yield
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    browser.detach()


def looks_right(page):
    """A step on a way has no barrier: whole on a phone, and in the dark."""
    assert barriers(page, page.url) == set()
    page.set_viewport_size({"width": 1280, "height": 720})
