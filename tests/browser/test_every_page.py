"""Every page, light and dark, phone to desktop: no barrier, no error, no sideways scroll."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RUN_AXE = """async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`);
}"""
WIDTHS = (320, 768, 1280)
THEMES = ("light", "dark")
ACT = ".sheet-in-shell[data-dialog]"
"""What the pages have in common that `portal/act.html` makes, some thirty."""
ACTS_LOOKED_AT = (
    "/views/{view}/delete/",  # the shortest
    "/licences/{licence}/keys/{new_key}/reissue/",  # the longest form
    "/licences/{licence}/offline-policy/",  # radio cards
    "/people/{owner}/remove/",  # refused
    "/people/leaver/remove/?username=J.+Smith&email=vic@example.com",  # many effects
)
"""Of the others only the words differ: axe looks at their labels, in one theme and width."""

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
SIGNED_IN = [
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
    "/views/sessions/save/?state=held",
    "/views/{view}/rename/",
    "/views/{view}/delete/",
    "/sessions/{session}/",
    "/licences/{licence}/?username=J.+Smith&machine_name=CAD-017",
    "/licences/{licence}/offline-policy/",
    "/licences/{licence}/keys/{old_key}/",
    "/licences/{licence}/keys/{new_key}/",
    "/licences/{licence}/keys/{new_key}/reissue/",
    "/licences/{licence}/keys/add/",
    "/licences/{licence}/keys/{new_key}/label/",
    "/licences/{licence}/keys/{old_key}/end-overlap/",
    "/licences/{licence}/rename/",
    "/licences/{licence}/tags/",
    "/licences/{licence}/notes/",
    "/licences/{licence}/deployment/",
    "/licences/{licence}/deployment/?key=0&service_url=x",
    "/licences/{licence}/rules/add/",
    "/licences/{licence}/rules/allow/",
    "/requests/",
    "/requests/new/?kind=seats&licence={licence}",
    "/requests/{asked}/",
    "/licences/{licence}/rules/{rule}/lift/",
    "/licences/{single_user}/devices/{device}/free/",
    "/sessions/{session}/block/",
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
    "/people/invite/",
    "/people/leaver/",
    "/people/leaver/remove/?username=J.+Smith&email=vic@example.com",
    "/people/{member}/role/",
    "/people/{member}/remove/",
    "/people/{owner}/remove/",
    "/security/",
    "/security/single-sign-on/",
    "/security/single-sign-on/require/",
    "/security/single-sign-on/stop-requiring/",
    "/security/single-sign-on/newcomers/",
    "/security/single-sign-on/turn-off/",
    "/security/single-sign-on/people/",
    "/security/single-sign-on/domains/add/",
    "/single-sign-on/own-way/",
    "/security/privacy/",
    "/api-tokens/",
    "/api-tokens/{token}/revoke/",
    "/security/two-step/require/",
    "/security/two-step/stop-requiring/",
    "/settings/",
    "/settings/refusals/",
    "/settings/time-zone/",
    "/profile/",
    "/profile/email/",
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
def address(estate):
    """Fills in the estate's ids."""
    single_user = estate.account.licences.get(name="Estimator")
    return lambda path: path.format(
        invitation=estate.invitation.code,
        licence=estate.planners.licence_id,
        single_user=single_user.pk,
        session=estate.jsmith.pk,
        member=estate.account.memberships.get(user=estate.viewer).pk,
        owner=estate.account.memberships.get(user=estate.owner).pk,
        old_key=estate.planners.pk,
        new_key=estate.planners.superseded_by.pk,
        rule=estate.account.access_rules.get().pk,
        device=single_user.devices.get().pk,
        token=estate.token.pk,
        asked=estate.asked.pk,
        view=estate.view.pk,
    )


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
    is_like_others = path not in ACTS_LOOKED_AT and page.locator(ACT).count() > 0
    for theme in THEMES[:1] if is_like_others else THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if not is_like_others or width == WIDTHS[0]:
                found |= {f"{path} {theme} {width}: {text}" for text in page.evaluate(RUN_AXE)}
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.add(f"{path} {width}: scrolls sideways")
    with letters_twice_as_big(page):
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.add(f"{path}: scrolls sideways with big letters")
    return found


@contextmanager
def letters_twice_as_big(page):
    """As for somebody who has told their browser so."""
    browser = page.context.new_cdp_session(page)
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    yield
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    browser.detach()


def test_pages_for_anybody(page, address, complaints):
    found = set()
    for path in FOR_ANYBODY:
        page.goto(address(path))
        found |= barriers(page, path)

    assert (found, complaints) == (set(), [])


def test_the_acts_that_are_looked_at_whole_are_among_the_pages():
    assert set(ACTS_LOOKED_AT) <= set(SIGNED_IN)


SHARES = 4


@pytest.mark.parametrize("paths", [SIGNED_IN[share::SHARES] for share in range(SHARES)])
def test_pages_of_an_owner(page, estate, address, complaints, sign_in, paths):
    sign_in(page, estate.owner)
    found = set()
    for path in paths:
        page.goto(address(path))
        found |= barriers(page, path)

    assert (found, complaints) == (set(), [])


def test_the_profile_menu(page, estate, complaints, sign_in):
    sign_in(page, estate.owner)
    page.goto("/")

    page.locator(".profile-menu summary").click()

    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert (barriers(page, "the profile menu"), complaints) == (set(), [])


def test_pages_of_a_viewer(page, estate, address, complaints, sign_in):
    sign_in(page, estate.viewer)
    found = set()
    for path in ("/sessions/", "/licences/{licence}/", "/sessions/{session}/"):
        page.goto(address(path))
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
