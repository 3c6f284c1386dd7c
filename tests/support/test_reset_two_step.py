"""Support takes the second steps away from somebody who lost them."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator

from licensing.models import AuditEntry
from tests.factories import PASSWORD, MembershipFactory
from tests.support.acting import REASON, address, confirm, foretold, told


@pytest.fixture
def membership(db):
    """Somebody with an authenticator app."""
    membership = MembershipFactory()
    Authenticator.objects.create(user=membership.user, type=Authenticator.Type.TOTP, data={})
    return membership


def test_tells_what_is_lost(support, membership):
    page = support.get(address("membership", "reset-two-step", membership, app="portal"))

    assert foretold(page)[0].endswith("They get a mail about it.")


def test_the_password_alone_signs_in_again(support, membership, client):
    page = support.get(address("membership", "reset-two-step", membership, app="portal"))

    words = told(confirm(support, page))

    client.post("/accounts/login/", {"login": membership.user.email, "password": PASSWORD})
    assert client.get("/").status_code == 200
    assert words == [f"{membership.user} signs in with the password or a mailed code alone now."]
    assert AuditEntry.objects.get(action="two_step_reset").reason == REASON
