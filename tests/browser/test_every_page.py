"""Every page, light and dark, phone to desktop: no barrier, no error, no sideways scroll."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.barriers import barriers

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
    "/usage/",
    "/usage/?days=90&hours=working&compare=1&seats=1",
    "/usage/?from=2026-03-02&until=2026-03-01",
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
    "/alerts/",
    "/alerts/rules/add/",
    "/webhooks/",
    "/webhooks/{webhook}/",
    "/webhooks/{webhook}/change/",  # many boxes under headings
    "/reports/",
    "/reports/order/",
    "/settings/",
    "/settings/working-hours/",  # an act with many boxes
    "/profile/",
]


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
