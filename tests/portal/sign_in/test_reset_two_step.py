"""Taking the second steps away from somebody who lost them."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from licensing.errors import InvalidOperation
from licensing.models import AuditEntry
from portal.models import Membership
from portal.sign_in import two_step
from tests.factories import TESTER, MembershipFactory


@pytest.fixture
def membership(manager, account):
    """A manager with an authenticator app."""
    membership = Membership.objects.get(account=account, user__name="Tom Reed")
    Authenticator.objects.create(user=membership.user, type=Authenticator.Type.TOTP, data={})
    return membership


def test_they_are_gone_and_the_person_is_told(membership, manager, mailoutbox):
    other = MembershipFactory(user=membership.user)
    open_here = {"ip": "192.0.2.7", "user_agent": "", "session_key": manager.session.session_key}
    UserSession.objects.create(user=membership.user, **open_here)

    two_step.reset(membership, by=TESTER, reason="Lost phone, ticket 4821")

    assert not two_step.has(membership.user)
    assert manager.get("/").status_code == 302
    why = AuditEntry.objects.filter(action="two_step_reset").values_list("account", "reason")
    assert dict(why) == {membership.account_id: "Lost phone, ticket 4821", other.account_id: ""}
    assert [mail.subject for mail in mailoutbox] == ["Two-step sign-in was turned off"]


def test_who_has_none_has_none_to_lose(membership):
    two_step.reset(membership, by=TESTER, reason="Lost phone, ticket 4821")

    with pytest.raises(InvalidOperation):
        two_step.reset(membership, by=TESTER, reason="Lost phone, ticket 4821")
