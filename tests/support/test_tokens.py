"""Staff tokens at the console: made and shown once, seen by who made them, revoked."""

from __future__ import annotations

import re

from django.contrib.admin.models import LogEntry

from support import tokens
from support.models import StaffToken, VendorScope
from tests.api.vendor.shop import make_staff_token
from tests.factories import days_from_today
from tests.people import signed_in
from tests.support.vendor import staff

ADD = "/support/tokens/add/"


def make(client, **other):
    """Ask for a token and confirm."""
    form = {
        "name": "Shop",
        "scopes": [VendorScope.READ, VendorScope.LICENCES],
        "ends_on": days_from_today(30).isoformat(),
        "seen": re.search(r'name="seen" value="(\w+)"', client.get(ADD).text)[1],
    }
    return client.post(ADD, form | other)


def test_a_token_is_shown_once_and_opens_the_api(sales):
    shown = make(sales)

    [plain] = set(re.findall(r"clv_[0-9A-Za-z]{38}", shown.text))
    assert tokens.find(plain).scopes == ["read", "licences:write"]
    assert plain not in sales.get("/support/tokens/").text
    assert "no-store" in shown["Cache-Control"]
    assert LogEntry.objects.get().change_message.startswith("Made the staff token “Shop”")


def test_only_what_one_may_oneself_is_offered_and_taken(db):
    supervisor = signed_in(staff("Supervisor"))

    offered = re.findall(r'name="scopes" value="([^"]+)"', supervisor.get(ADD).text)
    assert offered == ["read", "licences:write"]  # of which a supervisor gives emergency seats
    refused = make(supervisor, scopes=[VendorScope.READ, VendorScope.HAND_OVER])
    assert refused.status_code == 422
    assert not StaffToken.objects.exists()


def test_supervisors_see_and_revoke_everybodys_and_others_their_own(sales):
    token = make_staff_token()
    revoke = f"/support/tokens/{token.pk}/revoke/"
    supervisor = signed_in(staff("Supervisor"))

    assert (token.starts_with in sales.get("/support/tokens/").text) is False
    assert sales.get(revoke).status_code == 404
    seen = re.search(r'name="seen" value="(\w+)"', supervisor.get(revoke).text)[1]
    supervisor.post(revoke, {"seen": seen})

    assert StaffToken.objects.get().revoked_at is not None
    assert "Revoked" in supervisor.get("/support/tokens/").text


def test_support_and_auditors_make_none(support):
    for client in (support, signed_in(staff("Auditor"))):
        assert client.get("/support/tokens/").status_code == 403
        assert client.get(ADD).status_code == 403
        assert "/support/tokens/" not in client.get("/support/").text
