"""Single keys: where they lead, and where they must do nothing."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.barriers import barriers
from tests.browser.presses import row_of


def focused(page):
    """The id or the text of what has the focus."""
    return page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")


PAGES = {
    "h": "/",
    "l": "/licences/",
    "s": "/sessions/",
    "u": "/usage/",
    "a": "/audit/",
}
LINKS = """() => {
    const links = document.querySelectorAll(".sidenav a[data-key]");
    return Object.fromEntries([...links].map((one) => [one.dataset.key, one.pathname]));
}"""


def test_g_and_a_letter_go_to_a_page(page, estate, sign_in, base_url):
    sign_in(page, estate.owner)
    page.goto("/people/")

    assert page.evaluate(LINKS) == PAGES
    page.keyboard.press("g")
    page.keyboard.press("u")
    expect(page).to_have_url(f"{base_url}/usage/")


def test_a_session_is_released_by_the_keyboard_alone(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/sessions/?sort=user")
    rows = page.locator("[data-session]")
    second = rows.nth(1).get_attribute("data-session")

    for key in "jjjkx":
        page.keyboard.press(key)
    expect(page.locator(f"#choose-{second}")).to_be_checked()
    page.keyboard.press("x")
    page.keyboard.press("r")
    assert focused(page) == f"release-{second}"
    page.keyboard.press("Enter")

    expect(page.locator(f"[data-session='{second}']")).to_have_count(0)


def test_menus_and_the_list_of_keys_open_but_not_from_fields_or_with_modifiers(
    page, estate, sign_in
):
    sign_in(page, estate.owner)
    page.goto("/sessions/")

    page.keyboard.press("e")
    assert focused(page) == "CSV, with commas"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    assert barriers(page, "the list of shortcuts") == set()
    page.keyboard.press("j")
    assert focused(page) == "Close"
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("/")
    assert focused(page) == "search-all"

    page.keyboard.type("ghjx/?")
    expect(page.locator("#search-all")).to_have_value("ghjx/?")
    page.locator("main h1").click()
    page.keyboard.press("g")
    page.keyboard.press("Alt+l")
    page.keyboard.press("Control+/")
    assert page.url.endswith("/sessions/")
    assert focused(page) != "search-all"
    expect(row_of(page, estate.jsmith)).to_have_count(1)


def test_turned_off_there_is_no_listener(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/profile/")
    page.get_by_label("Keyboard shortcuts").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("undo-toast")).to_be_visible()
    page.goto("/sessions/")

    for key in ("g", "l", "/", "?", "j"):
        page.keyboard.press(key)

    assert page.url.endswith("/sessions/")
    assert page.evaluate("document.activeElement === document.body")
    assert page.locator("script[src*=shortcuts]").count() == 0
