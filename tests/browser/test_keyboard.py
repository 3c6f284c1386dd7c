"""Everything without a mouse: what can be used is reached, and seen while it has the focus."""

from __future__ import annotations

from playwright.sync_api import expect

from licensing.models import ClientSession
from portal.models import Invitation
from tests.browser.presses import who_is_in
from tests.factories import PASSWORD

MOST_PRESSES = 250
CONTROLS = """(part) => {
    const fields = "input:not([type=hidden]), select, textarea";
    const one = `:is(a[href], button, summary, [tabindex='0'], ${fields})`;
    const all = document.querySelectorAll(`${part} ${one}`);
    if (part === "main") document.querySelector(part).focus();
    const byArrows = "[type=radio]:not(:checked)";
    const controls = [...all].filter((control) => !control.disabled && !control.matches(byArrows)
        && control.checkVisibility({ visibilityProperty: true }));
    window.unreached = new Set(controls);
    window.faults = new Set();
    window.note = () => {  // of what has the focus, before Tab takes it away
        const control = document.activeElement;
        if (!unreached.delete(control)) return;
        const { outlineStyle, outlineWidth } = getComputedStyle(control);
        const { left, top, width, height } = control.getBoundingClientRect();
        const there = document.elementFromPoint(left + width / 2, top + height / 2);
        const isSeen = there && (control.contains(there) || there.contains(control));
        const isOutlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
        if (!isOutlined) faults.add(`no outline: ${control.outerHTML.slice(0, 100)}`);
        if (!isSeen) faults.add(`covered: ${control.outerHTML.slice(0, 100)}`);
    };
    window.onkeydown = note;
    const inDates = 4 * controls.filter(({ type }) => type === "date").length;
    return controls.length + inDates;  // Tab goes through the parts of a date, too
}"""
FAULTS = """() => {
    note();
    for (const control of unreached) faults.add(`not reached: ${control.outerHTML.slice(0, 100)}`);
    return [...faults];
}"""


PAGES = ["/", "/sessions/", "/licences/{licence}/", "/people/", "/people/invite/", "/audit/"]


def test_each_control_is_reached_and_seen(page, estate, sign_in):
    """What stands around every page is gone through on the first."""
    page.emulate_media(reduced_motion="reduce")
    sign_in(page, estate.owner)

    found = {}
    for path in PAGES:
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(path.format(licence=estate.planners.licence_id))
            found[path, width] = unreached_or_unseen(page, "body" if path == "/" else "main")

    assert {where: faults for where, faults in found.items() if faults} == {}


def unreached_or_unseen(page, part):
    """What is wrong with the controls of a part for somebody who goes through it by Tab."""
    for _ in range(page.evaluate(CONTROLS, part)):
        page.keyboard.press("Tab")
    return page.evaluate(FAULTS)


def press(page, control, key="Enter"):
    """Go to a control by Tab, as somebody without a mouse does, and press a key there."""
    there = control.element_handle()
    for _ in range(MOST_PRESSES):
        if there.evaluate("control => control === document.activeElement"):
            return page.keyboard.press(key)
        page.keyboard.press("Tab")
    raise AssertionError(f"{control} is not reached by Tab")


def test_a_key_is_reissued(page, estate):
    page.goto("/accounts/login/")
    press(page, page.locator("[name=login]"), "ControlOrMeta+A")
    page.keyboard.type(estate.owner.email)
    press(page, page.locator("[name=password]"), "ControlOrMeta+A")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(who_is_in(page)).to_be_visible()
    press(page, page.get_by_role("link", name="Skip to the content"))
    press(page, page.locator("main").get_by_role("link", name="London planners").first)
    page.wait_for_url("**/licences/*/")

    dialog = page.get_by_role("dialog")
    press(page, page.get_by_role("link", name="Reissue").first)
    expect(dialog.get_by_role("link", name="Cancel")).to_be_focused()
    press(page, dialog.get_by_role("radio", name="7 days"), "ArrowUp")
    press(page, dialog.get_by_role("textbox", name="Reason"), "A")
    page.keyboard.type(" laptop was stolen")
    press(page, dialog.get_by_role("button", name="Reissue key"))

    expect(page.locator("#toasts")).to_contain_text("The new key has the serial number ")
    assert estate.planners.licence.keys.count() == 3


def test_sessions_are_ticked_and_released_together(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/sessions/?q=pool:planners")
    before = ClientSession.objects.active().count()

    page.locator("[name=chosen]").first.press("Space")
    page.locator("[name=chosen]").last.press("Space")
    press(page, page.get_by_role("button", name="Release selected"))
    page.get_by_role("textbox", name="Reason").press("X")
    page.get_by_role("button", name="Release them").press("Enter")

    expect(page.locator("#toasts")).to_contain_text("Released 2 sessions.")
    assert ClientSession.objects.active().count() == before - 2


def test_somebody_is_invited_after_a_mistake(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/people/")
    page.get_by_role("link", name="Invite people").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="E-mail addresses").press("b")
    dialog.get_by_role("button", name="Send invitation").press("Enter")

    expect(page.get_by_role("alert")).to_be_focused()
    press(page, page.get_by_role("alert").get_by_role("link").first)
    expect(page.get_by_label("E-mail addresses")).to_be_focused()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("ann@example.com")
    page.get_by_role("radio", name="Viewer").press("ArrowDown")
    page.get_by_role("button", name="Send invitation").press("Enter")

    expect(page.locator("#toasts")).to_contain_text("1 invitation is on its way.")
    assert Invitation.objects.get(email="ann@example.com").role == "manager"


def test_a_menu_opens_and_closes_where_the_focus_is(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/sessions/")

    for menu in ("Columns", "Export", "Search tips"):
        summary = page.locator("main summary", has_text=menu)
        summary.press("Enter")
        expect(page.locator("main details[open]")).to_have_count(1)
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        expect(page.locator("main details[open]")).to_have_count(0)
        expect(summary).to_be_focused()
