"""Support takes the second steps away from somebody who lost them."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator

from licensing.models import AuditEntry
from support.console import approvals
from support.models import Approval
from tests.factories import PASSWORD, MembershipFactory
from tests.support.acting import READ, address, confirm, foretold
from tests.support.vendor import staff


@pytest.fixture
def membership(db):
    """Somebody with an authenticator app."""
    membership = MembershipFactory()
    Authenticator.objects.create(user=membership.user, type=Authenticator.Type.TOTP, data={})
    return membership


def test_tells_what_is_lost_and_who_reads_why(support, membership):
    other = MembershipFactory(user=membership.user)
    page = support.get(address("membership", "reset-two-step", membership))

    told_first, *_, read_in = foretold(page)
    assert told_first.endswith("They get a mail about it.")
    assert read_in == (
        f"The reason is read in the audit record of {membership.account}. "
        f"That it was done is read in {other.account} as well, without the reason."
    )


def test_the_password_alone_signs_in_again_once_it_is_approved(support, membership, client):
    page = support.get(address("membership", "reset-two-step", membership))
    confirm(support, page)

    words = approvals.approve(Approval.objects.get(), by=staff().as_actor, words="It is them.")

    client.post("/accounts/login/", {"login": membership.user.email, "password": PASSWORD})
    assert client.get("/").status_code == 200
    assert words == f"{membership.user} signs in with the password or a mailed code alone now."
    assert AuditEntry.objects.get(action="two_step_reset").reason == READ
