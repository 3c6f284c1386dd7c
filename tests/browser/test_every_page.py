"""Every page, light and dark, phone to desktop: no barrier, no error, no sideways scroll."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RUN_AXE = """async (asked) => {
    const { all, only } = asked ?? { all: true };
    const parts = all ? document : document.querySelectorAll("main, dialog[open]");
    const options = only ? { runOnly: only } : {};
    const { violations } = await axe.run(parts, { resultTypes: ["violations"], ...options });
    return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`);
}"""
WIDTHS = (320, 768, 1280)
THEMES = ("light", "dark")
COLOURS = ["color-contrast", "link-in-text-block"]
"""All that can differ between the themes, which change colours and nothing else."""
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
WITH_WHAT_STANDS_AROUND = ("/", "the profile menu")
"""Where the bar, the menus and the foot of every page are looked at in each theme and width."""

FOR_ANYBODY = [
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/login/code/",
    "/confirm-email/no-such-change/",
    "/invitations/{invitation}/",
    "/status/",
    "/no-such-page/",
]
SIGNED_IN = [  # five of the acts: of the others only the words differ, see walks/test_acts.py
    "/",
    "/help/",
    "/help/shortcuts/",
    "/search/",
    "/search/?q=smith",
    "/search/?q=nobody",
    "/licences/",
    "/licences/?q=no+such+licence",
    "/licences/?unused=90",
    "/licence-position/",
    "/licences/{licence}/",
    "/licences/{single_user}/",
    "/sessions/",
    "/sessions/?q=nobody",
    "/sessions/?state=held",
    "/sessions/?cols=machine,licence,state,refreshed,started,length,back,version,features,key",
    "/sessions/?cols=user",
    "/views/{view}/delete/",  # an act, the shortest
    "/sessions/{session}/",
    "/licences/{licence}/?username=J.+Smith&machine_name=CAD-017",
    "/licences/{licence}/offline-policy/",  # an act with radio cards
    "/licences/{licence}/keys/{old_key}/",
    "/licences/{licence}/keys/{new_key}/",
    "/licences/{licence}/keys/{new_key}/reissue/",  # the longest form of an act
    "/licences/{licence}/deployment/",
    "/licences/{licence}/deployment/?key=0&service_url=x",
    "/requests/",
    "/requests/{asked}/",
    "/usage/denials/",
    "/usage/denials/?q=nobody&only=true",
    "/audit/",
    "/audit/?who=nobody",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
    "/accounts/two-step/",
    "/accounts/two-step/webauthn/",
    "/accounts/sign-ins/",
    "/people/",
    "/people/?q=nobody",
    "/people/leaver/",
    "/people/leaver/remove/?username=J.+Smith&email=vic@example.com",  # many effects
    "/people/{owner}/remove/",  # an act that is refused
    "/security/",
    "/security/single-sign-on/",
    "/security/single-sign-on/people/",
    "/single-sign-on/own-way/",
    "/api-tokens/",
    "/settings/",
    "/profile/",
]
TWO_STEP = [
    "/accounts/two-step/",
    "/accounts/two-step/totp/deactivate/",
    "/accounts/two-step/webauthn/add/",
    "/accounts/two-step/webauthn/",
    "/accounts/two-step/webauthn/keys/{passkey}/edit/",
    "/accounts/two-step/webauthn/keys/{passkey}/remove/",
    "/accounts/two-step/recovery-codes/",
    "/accounts/two-step/recovery-codes/generate/",
    "/accounts/two-step/reauthenticate/",
    "/accounts/two-step/webauthn/reauthenticate/",
]


@pytest.fixture
def complaints(page):
    """What the browser itself complains of: scripts, resources, the content security policy."""
    found = []
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda message: (
            found.append(f"{page.url}: {message.text}")
            if message.type in ("error", "warning") and "/no-such-page/" not in page.url
            else None
        ),
    )
    return found


def barriers(page, path):
    """What is wrong with the page in either theme at any width, and with letters twice as big."""
    found = set()
    page.evaluate(AXE)
    for theme, width, asked in looks(path):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        found |= {f"{path} {theme} {width}: {text}" for text in page.evaluate(RUN_AXE, asked)}
        if scrolls_sideways(page):
            found.add(f"{path} {width}: scrolls sideways")
    with letters_twice_as_big(page):
        if scrolls_sideways(page):
            found.add(f"{path}: scrolls sideways with big letters")
    return found


def looks(path):
    """How a page is looked at: light by all rules, whole on a phone; dark by its colours.

    A list that is narrowed to little is the list that was looked at: once is enough.
    """
    is_whole = path in WITH_WHAT_STANDS_AROUND
    for width in WIDTHS[:1] if path in THE_SAME_LIST else WIDTHS:
        yield "light", width, {"all": is_whole or width == WIDTHS[0]}
    for width in (WIDTHS[0], WIDTHS[-1]):
        yield "dark", width, {"all": is_whole, "only": COLOURS}


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


def test_pages_for_anybody(page, estate, complaints):
    found = set()
    for path in FOR_ANYBODY:
        page.goto(estate.address(path))
        found |= barriers(page, path)

    assert (found, complaints) == (set(), [])


SHARES = 5


@pytest.mark.parametrize("paths", [SIGNED_IN[share::SHARES] for share in range(SHARES)])
def test_pages_of_an_owner(page, estate, complaints, sign_in, paths):
    sign_in(page, estate.owner)
    found = set()
    for path in paths:
        page.goto(estate.address(path))
        found |= barriers(page, path)

    assert (found, complaints) == (set(), [])


def test_the_profile_menu(page, estate, complaints, sign_in):
    sign_in(page, estate.owner)
    page.goto("/")

    page.locator(".profile-menu summary").click()

    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert (barriers(page, "the profile menu"), complaints) == (set(), [])


def test_pages_of_a_viewer(page, estate, complaints, sign_in):
    sign_in(page, estate.viewer)
    found = set()
    for path in ("/sessions/", "/licences/{licence}/", "/sessions/{session}/"):
        page.goto(estate.address(path))
        found |= barriers(page, path)

    assert (found, complaints) == (set(), [])


def test_the_offer_to_switch_to_another_of_ones_accounts(page, estate, sign_in):
    licence = estate.planners.licence
    sign_in(page, estate.owner)
    page.goto("/")
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="Hill & Dale").click()
    expect(page.locator(".account-menu summary")).to_contain_text("Hill & Dale")

    page.goto(f"/licences/{licence.pk}/")
    found = barriers(page, "the offer to switch")
    page.get_by_role("button", name="Switch account").click()

    expect(page.locator("h1")).to_have_text(licence.name)
    assert found == set()
