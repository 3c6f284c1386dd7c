"""Every URL of the product, asked by everybody: they get what ``access_matrix.txt`` says.

The table is there to be read. When something in it changes on purpose, or a URL is new,
``ACCESS_MATRIX=write`` in the environment of this test writes what is answered now: read
each line that it changed before it is committed.
"""

from __future__ import annotations

import os
import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.views import defaults

from config import errors
from licensing import encryption
from licensing.models import Denial, ProductKey
from portal.models import Membership, ProviderLink, Role, SingleSignOn
from portal.people import privacy
from portal.sign_in import ways_in
from tests.factories import TESTER, AccountFactory, MembershipFactory, make_pool
from tests.people import signed_in
from tests.product import every_url
from tests.product.access_matrix import PEOPLE, TABLE
from tests.support.vendor import staff

pytestmark = pytest.mark.slow
REAL_NAMES = re.compile("anna-real|CAD-REAL", re.IGNORECASE)


@pytest.fixture
def people(viewer, manager, owner, stranger):
    """A browser of each; the stranger owns another account, support is the vendor's staff."""
    support = signed_in(staff("Support"))
    return dict(zip(PEOPLE, (Client(), viewer, manager, owner, stranger, support), strict=True))


@pytest.fixture
def no_page_around(monkeypatch):
    """Refusals as a status alone: of one in three answers only that is read here."""

    def refuse(status):
        return lambda *_, **__: HttpResponse("Refused.", status=status)

    monkeypatch.setattr(defaults, "permission_denied", refuse(403))
    monkeypatch.setattr(defaults, "page_not_found", refuse(404))
    monkeypatch.setattr(errors, "not_allowed", refuse(405))


@pytest.mark.usefixtures("no_page_around")
def test_everybody_gets_what_the_table_says_and_an_owner_no_key_that_they_did_not_ask_for(
    people, values
):
    plain = [encryption.decrypt(bytes(key.encrypted)).encode() for key in ProductKey.objects.all()]
    shown = set()

    def look(address, person, method, response):
        if (person, method) == ("owner", "GET") and address.name.startswith("portal:"):
            shown.update(address.path for key in plain if key in response.getvalue())

    table = every_url.measured(people, values, look)

    if os.environ.get("ACCESS_MATRIX") == "write":
        head = [line for line in TABLE.read_text().splitlines() if line.startswith("#")]
        TABLE.write_text("\n".join([*head, *every_url.as_lines(table, PEOPLE)]) + "\n")
    written = every_url.read_table(TABLE.read_text(), PEOPLE)
    assert table.keys() - written.keys() == set(), "new URLs: each needs a row"
    assert written.keys() - table.keys() == set(), "rows of URLs that are gone"
    assert {row: cells for row, cells in table.items() if cells != written[row]} == {}
    assert (len(plain), shown) == (2, set())


def test_no_page_shows_a_viewer_of_aliases_a_real_name(viewer, account, values):
    privacy.show_aliases(account, True, by=TESTER)
    Denial.objects.create(
        account=account,
        licence_id=values["licence_id"],
        code="device_limit",
        identity=values["session_id"],
        username="anna-real",
        machine_name="CAD-REAL",
        version="16",
        folded_from="2026-11-24T14:00:00Z",
    )

    told = {
        address.path
        for address in every_url.every_address()
        if address.name.startswith("portal:")
        if REAL_NAMES.search(viewer.get(address.of(values)).getvalue().decode(errors="replace"))
    }

    assert told == set()


def test_no_page_tells_who_came_by_a_provider_of_their_other_accounts(owner, account, values):
    """What their own way of signing in opens: the account's provider is not to know of it."""
    member = Membership.objects.get(account=account, role=Role.OWNER)
    other = AccountFactory(name="Hill & Dale")
    MembershipFactory(account=other, user=member.user, role=Role.OWNER)
    licence = make_pool(account=other).licence
    single = SingleSignOn.objects.create(account=account, issuer="https://a.example", client_id="a")
    link = ProviderLink.objects.create(single=single, membership=member, subject="4711")
    addresses = [a for a in every_url.every_address() if a.name.startswith(("portal:", "account"))]
    paths = [address.of(values) for address in addresses if "logout" not in address.name]
    few = ["/", "/single-sign-on/closed/", f"/licences/{licence.pk}/"]

    def told(paths):
        texts = {path: owner.get(path).getvalue().decode(errors="replace") for path in paths}
        return {path for path, text in texts.items() if "Hill &amp; Dale" in text}

    assert told(few) == {"/", f"/licences/{licence.pk}/"}
    session = owner.session
    session.update({ways_in.IS_OWN: False, ways_in.LINKS: {str(account.pk): link.pk}})
    session.save()
    assert told([*paths, *few]) == set()
    assert owner.post("/switch-account/", {"account": other.pk}).status_code == 404
    link.delete()
    assert told(few) == set()
    member.delete()
    assert told(few) == set()
