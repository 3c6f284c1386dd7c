"""What keeps people from using a page: looked for by axe, in every theme and width."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path

ADDRESS, VENDOR = "axe", Path(__file__).parent / "vendor"
"""Where the tests' server has axe, so that Chromium keeps it compiled, and where that is."""
RUN_AXE = """async ({ all = true, only, without = [], known = [] }) => {
    const isThere = (script) => new Promise((ready, failed) => {
        Object.assign(script, { src: "/static/axe/axe.min.js", onload: ready, onerror: failed });
        document.head.append(script);
    });
    if (!window.axe) await isThere(document.createElement("script"));
    const grounds = new Map([[null, ""]]);
    const groundOf = (one) => {
        if (!grounds.has(one)) {
            const { backgroundColor, backgroundImage, opacity, clip } = getComputedStyle(one);
            const own = [backgroundColor, backgroundImage, opacity, clip].join();
            const isPlain = own === "rgba(0, 0, 0, 0),none,1,auto";
            grounds.set(one, groundOf(one.parentElement) + (isPlain ? "" : `|${own}`));
        }
        return grounds.get(one);
    };
    const isText = ({ nodeType, data }) => nodeType === Node.TEXT_NODE && data.trim() !== "";
    const hasText = (one) => [...one.childNodes].some(isText);
    const coloursOf = (one) => {
        const { color, fontSize, fontWeight, textDecorationLine } = getComputedStyle(one);
        const around = one.parentElement;
        const isOff = one.closest(":disabled, [aria-disabled=true]") !== null;
        const isInText = one.matches("a") && hasText(around) && getComputedStyle(around).color;
        const own = [color, fontSize, fontWeight, textDecorationLine, isOff, isInText];
        return own.join() + groundOf(one);
    };
    const parts = all ? document : document.querySelectorAll("main, dialog[open]");
    const old = new Set(known);
    const times = new Map();
    const mark = (one) => {
        if (!hasText(one) && !one.matches("input, select, textarea")) return;
        if (!one.checkVisibility({ visibilityProperty: true })) return;
        const colours = coloursOf(one);
        if (old.has(colours)) return;
        times.set(colours, (times.get(colours) ?? 0) + 1);
        if (times.get(colours) < 4) one.toggleAttribute("data-new", true);
    };
    for (const one of document.querySelectorAll("[data-new]")) one.removeAttribute("data-new");
    for (const part of all ? [document.body] : parts) part.querySelectorAll("*").forEach(mark);
    axe.configure({ rules: [
        { id: "color-contrast", selector: "[data-new]" },
        { id: "link-in-text-block", selector: "a[href][data-new]" },
    ] });
    const grave = ({ impact }) => impact === "serious" || impact === "critical";
    const lesser = axe._audit.rules.filter((rule) => !grave(rule)).map(({ id }) => id);
    const rules = Object.fromEntries([...lesser, ...without].map((id) => [id, { enabled: false }]));
    const options = only ? { runOnly: only } : { rules };
    const resultTypes = ["violations", "incomplete"];
    const found = await axe.run(parts, { ...options, resultTypes, elementRef: true });
    for (const { element } of found.incomplete.flatMap(({ nodes }) => nodes)) {
        if (element.matches("[data-new]")) times.delete(coloursOf(element));
    }
    return {
        read: [...times.keys()],
        barriers: found.violations
            .filter(grave)
            .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`),
    };
}"""
"""Axe's grave rules, of colours only for those that it has not read yet."""
GETS_THEME = """async (theme) => {
    const hasIt = () => document.documentElement.dataset.bsTheme === theme;
    for (let frame = 0; frame < 300 && !hasIt(); frame++) {
        await new Promise(requestAnimationFrame);
    }
    return hasIt();
}"""
"""Whether the page has a theme a frame or two later; to ``expect`` it takes a tenth of a second."""
known: set[str] = set()
"""Colours of text on its ground that axe has read without complaint, in any page or theme."""
WIDTHS = (320, 768, 1280)
THEMES = ("light", "dark")
COLOURS = ["color-contrast", "link-in-text-block"]
"""All that can differ between the themes."""
BETWEEN = ["scrollable-region-focusable"]
"""What a width between phone and desktop can add to what was looked at on both."""
THE_SAME_LIST = ("/sessions/?q=nobody",)
ON_THE_WAY = re.compile(r"http|/support/|/accounts/two-step/[\w-]+/.")
"""Steps of signing in and of setting it up, and the console: sheets, forms, cards and tables, as
others are at each width."""
WITH_WHAT_STANDS_AROUND = ("/", "the profile menu")
"""Where the bar, the menus and the foot of every page are looked at at each width."""


def barriers(page, path):
    """What is wrong with the page in either theme at any width, and with letters twice as big."""
    found = set()
    for theme, width, asked in beginning_as_it_is(page, list(looks(page, path))):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(GETS_THEME, theme)
        found |= {f"{path} {theme} {width}: {text}" for text in said_by_axe(page, **asked)}
        if scrolls_sideways(page):
            found.add(f"{path} {width}: scrolls sideways")
        if width == WIDTHS[-1] and not is_known(path):
            with letters_twice_as_big(page):
                if scrolls_sideways(page):
                    found.add(f"{path}: scrolls sideways with big letters")
    return found


def said_by_axe(page, **asked):
    """What axe, which is in the page, complains of."""
    told = page.evaluate(RUN_AXE, asked | {"known": sorted(known)})
    known.update(told["read"])
    return told["barriers"]


def beginning_as_it_is(page, looked_at):
    """The looks in the order that changes a window least: each change lays the page out anew."""
    is_wide = page.viewport_size["width"] == WIDTHS[-1]
    return reversed(looked_at) if is_wide else looked_at


def looks(page, path):
    """How a page is looked at: light and whole on a phone, in the dark on a desktop.

    Themes change colours and nothing else. Axe reads each colour on its ground once: with what
    stands on what, a page that brings a new one brings a look at it. A list that is narrowed to
    little is the list that was looked at, and a step on a way is made of what other pages are
    made of: once is enough. What has no table has nothing that is widest between the two widths.
    """
    phone, tablet, desktop = WIDTHS
    is_whole = path in WITH_WHAT_STANDS_AROUND
    yield "light", phone, {}
    if not is_known(path) and page.locator("main table").count():
        yield "light", tablet, {"all": is_whole, "only": BETWEEN}
    yield "dark", desktop, {"all": is_whole, "only": COLOURS if is_known(path) else None}


def is_known(path):
    """Whether the page is made of what others are made of."""
    return path in THE_SAME_LIST or ON_THE_WAY.match(path)


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
