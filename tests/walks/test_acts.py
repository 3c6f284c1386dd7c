"""Every act, and every page made of others' parts, names its fields and what describes them.

Pages of each kind are looked at by axe in browser/test_every_page.py; of the others only the words
differ.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tests.product.every_url import rolled_back
from tests.walks.page import BUTTONS, FIELDS, LINKS, Page, label_of, name_of

ACTS = [
    "/views/sessions/save/?state=held",
    "/views/{view}/rename/",
    "/views/{view}/delete/",
    "/licences/{licence}/keys/add/",
    "/licences/{licence}/keys/{new_key}/label/",
    "/licences/{licence}/keys/{old_key}/end-overlap/",
    "/licences/{licence}/rename/",
    "/licences/{licence}/tags/",
    "/licences/{licence}/notes/",
    "/licences/{licence}/rules/add/",
    "/licences/{licence}/rules/allow/",
    "/requests/new/?kind=seats&licence={licence}",
    "/licences/{licence}/rules/{rule}/lift/",
    "/licences/{single_user}/devices/{device}/free/",
    "/sessions/{session}/block/",
    "/people/invite/",
    "/people/{member}/role/",
    "/people/{member}/remove/",
    "/people/leaver/remove/?username=J.+Smith&email=vic@example.com",
    "/security/single-sign-on/require/",
    "/security/single-sign-on/stop-requiring/",
    "/security/single-sign-on/newcomers/",
    "/security/single-sign-on/turn-off/",
    "/security/single-sign-on/domains/add/",
    "/security/privacy/",
    "/api-tokens/{token}/revoke/",
    "/alerts/rules/add/",
    "/alerts/rules/{alert_rule}/pause/",
    "/webhooks/add/",
    "/webhooks/{webhook}/off/",
    "/webhooks/{webhook}/new-secret/",
    "/webhooks/{webhook}/remove/",
    "/security/two-step/require/",
    "/security/two-step/stop-requiring/",
    "/settings/refusals/",
    "/settings/time-zone/",
    "/settings/working-hours/",
    "/profile/email/",
]
PAGES = [
    "/help/",
    "/help/shortcuts/",
    "/search/",
    "/licence-position/",
    "/licences/?q=no+such+licence",
    "/licences/?unused=90",
    "/licences/{licence}/?username=J.+Smith&machine_name=CAD-017",
    "/licences/{licence}/deployment/",
    "/licences/{licence}/keys/{old_key}/",
    "/sessions/?state=held",
    "/sessions/?cols=user",
    "/requests/",
    "/requests/{asked}/",
    "/usage/?from=2026-03-02&until=2026-03-01",
    "/usage/denials/?q=nobody&only=true",
    "/audit/?who=nobody",
    "/people/?q=nobody",
    "/security/single-sign-on/people/",
    "/reports/order/",
    "/settings/",
    "/single-sign-on/own-way/",
    "/accounts/password/change/",
    "/accounts/password/reset/done/",
    "/accounts/login/code/",
    "/accounts/logout/",
    "/accounts/reauthenticate/",
    "/accounts/two-step/totp/deactivate/",
    "/accounts/two-step/recovery-codes/generate/",
    "/accounts/two-step/reauthenticate/",
    "/accounts/two-step/webauthn/keys/{passkey}/edit/",
    "/accounts/two-step/webauthn/keys/{passkey}/remove/",
]
OF_A_VIEWER = ["/sessions/", "/licences/{licence}/", "/sessions/{session}/"]
FOR_NOBODY = ("/accounts/password/reset/done/", "/accounts/login/code/")
POINTERS = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
UNTOLD = "self::*[@type='hidden' or @aria-hidden='true']"
HEADINGS = ".//*[self::h1 or self::h2 or self::h3 or self::h4]"


def faults(page):
    """What somebody who listens to the page of an act would miss."""
    [section] = page.main.parts(".//section[@data-dialog][h1[@id='dialog-title']]")
    return faults_of(section)


def faults_of(part):
    """What somebody who listens to a part of a page would miss."""
    shown = [field for field in part.all(FIELDS) if not field.xpath(UNTOLD)]
    yield from (f"no label: {field.name}" for field in shown if not label_of(field))
    yield from ("no name" for one in part.all(f"{BUTTONS} or {LINKS}") if not name_of(one))
    radios = ".//input[@type='radio'][not(ancestor::fieldset[legend])]"
    yield from ("a radio without its question" for _ in part.parts(radios))

    ids = Counter(part.page.element.xpath("//*[not(@type='hidden')]/@id"))
    yield from (f"twice: {id}" for id, count in ids.items() if count > 1)
    pointed_at = [one for name in POINTERS for one in part.element.xpath(f".//@{name}")]
    yield from (f"points nowhere: {id}" for id in " ".join(pointed_at).split() if id not in ids)

    levels = [int(one.element.tag[1]) for one in part.parts(HEADINGS)]
    if levels.count(1) != 1 or any(b > a + 1 for a, b in pairwise(levels)):
        yield f"headings out of order: {levels}"


def test_pages_made_of_others_parts_name_what_they_have(page, estate, sign_in):
    webauthn = Authenticator.Type.WEBAUTHN
    passkey = estate.owner.authenticator_set.create(type=webauthn, data={"name": "Laptop"})
    TOTP.activate(estate.owner, generate_totp_secret())
    sign_in(page, estate.owner)
    nobody = Page()

    found = {}
    for path in PAGES:
        browser = nobody if path in FOR_NOBODY else page
        address = estate.address(path.replace("{passkey}", str(passkey.pk)))
        browser.open(address)
        assert browser.address == address
        found[path] = set(faults_of(browser.main))

    assert {path: faults for path, faults in found.items() if faults} == {}


def test_pages_of_a_viewer_name_what_they_have(page, estate, sign_in):
    sign_in(page, estate.viewer)

    found = {}
    for path in OF_A_VIEWER:
        page.open(estate.address(path))
        found[path] = set(faults_of(page.main))

    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.slow
@pytest.mark.parametrize("acts", [ACTS[::2], ACTS[1::2]], ids=["one half", "the other"])
def test_every_act_names_its_fields_and_says_beside_them_what_is_missing(
    page, estate, sign_in, acts
):
    sign_in(page, estate.owner)

    found, refused = {}, set()
    for path in acts:
        page.open(estate.address(path))
        found[path] = set(faults(page))
        with rolled_back():
            send_nothing(page)
        if page.parts("//main//*[@role='alert']"):
            refused.add(path)
            found[path] |= set(faults(page)) | set(unexplained(page))

    assert {path: faults for path, faults in found.items() if faults} == {}
    assert len(refused) > len(acts) / 3


def send_nothing(page):
    """Send the act's form with nothing filled in, as a browser that asks for nothing would."""
    for form in page.main.element.xpath(".//form[.//input[@name='seen']]"):
        form.set("novalidate", "")
        for field in form.xpath(f".//*[{FIELDS}][not(@type='hidden')]"):
            if field.get("type") in ("radio", "checkbox"):
                field.checked = False
            elif field.tag != "select":
                field.value = ""
        page.send(form, form.xpath(f".//*[{BUTTONS}]")[0])


def unexplained(page):
    """Fields that are wrong, and whose errors nobody who is in them hears of."""
    for field in page.main.element.xpath(".//*[@aria-invalid='true']"):
        described = field.xpath("ancestor-or-self::*/@aria-describedby")
        if not any(id.endswith("_error") for id in " ".join(described).split()):
            yield f"not explained: {field.get('name')}"
