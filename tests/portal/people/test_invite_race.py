"""Two owners invite the same person at the same moment: one invitation is open."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from portal.models import Role
from portal.people import invitations
from tests.factories import TESTER, AccountFactory
from tests.licensing.races.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def invite_twice_at_once():
    """How many invitations can be accepted."""
    account = AccountFactory()
    invite = partial(invitations.invite, account, "new@example.com", by=TESTER)
    at_once(*(partial(invite, role) for role in (Role.VIEWER, Role.OWNER)))
    return account.invitations.open().count()


def test_one_is_open():
    assert invite_twice_at_once() == 1


def test_the_race_is_real(monkeypatch):
    """Without the lock both are open, so the test above proves something."""
    monkeypatch.setattr(invitations, "lock", lambda account_id: None)
    meet = threading.Barrier(2)
    asked = invitations.inviter
    monkeypatch.setattr(invitations, "inviter", lambda by: (meet.wait(10), asked(by))[1])

    assert invite_twice_at_once() == 2
