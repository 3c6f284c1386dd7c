"""Pages of every kind, light and dark, phone to desktop: no barrier, error or sideways scroll.

Of those that are left out, which are made of the same parts, walks/test_acts.py reads the names
and the order of headings. Use and the form of an alert rule are looked at in their own tests.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from licensing import alm
from portal.webhooks import deliveries
from tests.browser.barriers import barriers
from tests.factories import TESTER, make_template, make_webhook
from tests.support.vendor import staff

FOR_ANYBODY = [
    "/accounts/login/",
    "/accounts/password/reset/",
    "/confirm-email/no-such-change/",
    "/invitations/{invitation}/",
    "/status/",
    "/no-such-page/",
]
SIGNED_IN = [
    "/",
    "/search/?q=smith",
    "/licences/",
    "/licences/{licence}/",
    "/licences/{single_user}/",
    "/sessions/",
    "/sessions/?q=nobody",
    "/sessions/?cols=machine,licence,state,refreshed,started,length,back,version,features,key",
    "/sessions/{session}/",
    "/licences/{licence}/offline-policy/",  # an act with radio cards
    "/licences/{licence}/keys/{new_key}/",
    "/licences/{licence}/keys/{new_key}/reissue/",  # the longest form of an act
    "/licences/{licence}/deployment/?key=0&service_url=x",
    "/usage/?days=90&hours=working&compare=1&seats=1",
    "/usage/denials/",
    "/audit/",
    "/accounts/sign-ins/",
    "/people/",
    "/people/leaver/",
    "/people/{owner}/remove/",  # an act that is refused
    "/security/",
    "/security/single-sign-on/",
    "/api-tokens/",
    "/alerts/",
    "/webhooks/",
    "/webhooks/{webhook}/",
    "/reports/",
    "/profile/",
]
OF_THE_CONSOLE = [
    "/support/",
    "/support/find/?q=smith",
    "/support/story/?q={session}",
    "/support/accounts/{account}/",
    "/support/records/clientsession/{session}/",  # an act on its record's page
    "/support/acts/licence/seats/?id={licence}",
    "/support/acts/account/close/?id={account}",
    "/support/accounts/{account}/alm/",
    "/support/acts/account/import-alm/?id={account}",  # a form that takes a file
    "/support/acts/account/merge/?id={account}",
    "/support/acts/licencetemplate/add/",
    "/support/acts/licencetemplate/change/?id={template}",
    "/support/find/?q=zzyzx",  # nothing is called so
    "/support/requests/",
    "/support/catalogue/",
    "/support/renewals/",
    "/support/webhooks/",
    "/support/webhooks/{own_webhook}/",
    "/support/activity/",
    "/support/retention/",
]
ALM_LIST = b"server,product,licences,peak\nlon-alm,asta-powerproject,10,9\n"


def test_pages_for_anybody(page, estate, complaints):
    found = set()
    for path in FOR_ANYBODY:
        page.goto(estate.address(path))
        found |= barriers(page, path)

    assert (found, complaints) == (set(), [])


SHARES = 3


@pytest.mark.parametrize("paths", [SIGNED_IN[share::SHARES] for share in range(SHARES)])
def test_pages_of_an_owner(page, estate, complaints, sign_in, paths):
    sign_in(page, estate.owner)
    found = set()
    for path in paths:
        page.goto(estate.address(path))
        found |= barriers(page, path)

    assert (found, complaints) == (set(), [])


def test_pages_of_the_console(page, estate, complaints, sign_in):
    sign_in(page, staff(is_superuser=True))
    template = make_template()
    alm.carry_out(alm.plan(estate.account.name, ALM_LIST), by=TESTER, reason="The move")
    ours = make_webhook(None)
    deliveries.send_test(ours, by=TESTER)
    found = set()
    for path in OF_THE_CONSOLE:
        made = path.replace("{own_webhook}", str(ours.pk)).replace("{template}", str(template.pk))
        page.goto(estate.address(made))
        found |= barriers(page, path)

    assert (found, complaints) == (set(), [])


def test_the_profile_menu_and_the_theme_that_is_chosen_there(page, estate, complaints, sign_in):
    sign_in(page, estate.owner)
    page.goto("/")

    page.locator(".profile-menu summary").click()

    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert (barriers(page, "the profile menu"), complaints) == (set(), [])
    page.emulate_media(color_scheme="light")
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Dark").click()
    page.goto("/help/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


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
