"""What a page offers where scripts run, it offers in another way where they do not."""

from __future__ import annotations

from collections import Counter

from tests.browser.presses import scripts_off

PAGES = [
    "/",
    "/licences/",
    "/licences/{licence}/",
    "/licences/{licence}/keys/{new_key}/",
    "/licences/{licence}/deployment/?key=0&service_url=x",
    "/sessions/",
    "/sessions/{session}/",
    "/usage/denials/",
    "/audit/",
    "/accounts/two-step/",
    "/people/",
    "/security/single-sign-on/",
    "/api-tokens/",
    "/profile/",
]
CONTROLS = """() => {
    for (const menu of document.querySelectorAll("details")) {
        menu.removeAttribute("name");  // so that one may be open beside another
        menu.open = true;
    }
    document.querySelector("[name=chosen]")?.click();
    const all = document.querySelectorAll("a[href], button, summary, input, select, textarea");
    return [...all]
        .filter((control) => !control.closest("copy-button"))
        .filter((control) => control.checkVisibility({ visibilityProperty: true }))
        .map((one) => one.ariaLabel || one.textContent || one.labels?.[0].textContent)
        .map((name) => (name ?? "").replace(/\\s+/g, " ").trim());
}"""
SCRIPTS_ALONE = {"Copy machine names", "Pause", "Print", "Select this page"}
"""What no form can do, copy buttons apart: the clipboard, the printer, live rows, and many ticks by
one."""


def offered(page, path):
    """The names of what may be used on a page, menus and the bar of what is ticked included."""
    page.goto(path)
    return Counter(page.evaluate(CONTROLS))


def test_every_control_has_its_counterpart(page, estate, sign_in):
    sign_in(page, estate.owner)

    lost = {}
    for path in PAGES:
        with_scripts = offered(page, estate.address(path))
        with scripts_off(page):
            without = offered(page, estate.address(path))
        lost[path] = (with_scripts - without).keys() - SCRIPTS_ALONE

    assert {path: names for path, names in lost.items() if names} == {}
