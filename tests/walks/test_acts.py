"""Every act names its fields, and what describes them: all of them are one template's pages.

Some are looked at by axe in browser/test_every_page.py; of the others only the words differ.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.product.every_url import rolled_back
from tests.walks.page import BUTTONS, FIELDS, LINKS, label_of, name_of

ACTS = [
    "/views/sessions/save/?state=held",
    "/views/{view}/rename/",
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
    "/profile/email/",
]
POINTERS = ("for", "aria-describedby", "aria-labelledby")


def faults(page):
    """What somebody who listens to the page would miss."""
    act = page.main
    [section] = act.parts(".//section[@data-dialog][h1[@id='dialog-title']]")
    shown = [field for field in section.all(FIELDS) if field.get("type") != "hidden"]
    yield from (f"no label: {field.name}" for field in shown if not label_of(field))
    yield from ("no name" for one in section.all(f"{BUTTONS} or {LINKS}") if not name_of(one))
    radios = ".//input[@type='radio'][not(ancestor::fieldset[legend])]"
    yield from ("a radio without its question" for _ in section.parts(radios))

    ids = Counter(page.element.xpath("//@id"))
    yield from (f"twice: {id}" for id, count in ids.items() if count > 1)
    pointed_at = [one for name in POINTERS for one in section.element.xpath(f".//@{name}")]
    yield from (f"points nowhere: {id}" for id in " ".join(pointed_at).split() if id not in ids)


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
