"""Two owners demote each other at the same moment: one of them stays owner."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from portal.models import Membership, Role
from portal.people import members as people
from tests.factories import TESTER, AccountFactory, MembershipFactory
from tests.licensing.races.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def demote_each_other():
    """How many owners are left."""
    account = AccountFactory()
    pair = MembershipFactory.create_batch(2, account=account)
    at_once(*(partial(people.change_role, one, Role.VIEWER, by=TESTER) for one in pair))
    return account.memberships.owners().count()


def test_one_stays_owner():
    assert demote_each_other() == 1


def test_the_race_is_real(monkeypatch):
    """Without the lock an account loses both, so the test above proves something."""
    members = Membership.objects.select_related("user", "account")
    monkeypatch.setattr(people, "locked", lambda one: members.get(pk=one.pk))
    meet = threading.Barrier(2)
    asked = people.is_last_owner
    monkeypatch.setattr(people, "is_last_owner", lambda one: (asked(one), meet.wait(10))[0])

    assert demote_each_other() == 0
