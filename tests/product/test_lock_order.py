"""Acts that touch several rows, while somebody releases one of the sessions: both get done.

An entry in the record locks the account. An act that asks for a seat after its first entry
waits for whoever holds the seat and waits for the account.
"""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.db import OperationalError, transaction

from devstack import processes
from licensing import audit, keys, pools, rules, sessions, stolen_keys
from licensing.blocking import release_and_block
from licensing.hot import fetch_value
from licensing.models import ClientSession
from licensing.rules import NewRule
from portal.models import Invitation, Membership, Role
from portal.people import invitations, leavers, members
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    make_client,
    make_pool,
    make_session,
)
from tests.licensing.races.together import WAITING_FOR_THIS_ONE, at_once

pytestmark = pytest.mark.django_db(transaction=True)

OWNER = audit.Actor("person", "1", "An owner")
BY = {"by": OWNER, "reason": "Left"}


def go_on_when(happened):
    """Wait until the other side is so far, or waits for this one already."""
    assert processes.wait_until(
        lambda: happened.is_set() or fetch_value(WAITING_FOR_THIS_ONE, {}) > 0, seconds=10
    )


def beside_a_release(monkeypatch, act, session):
    """The act makes its first entry when somebody else has the session's seat, if they can."""
    has_account, has_seat, record_all = threading.Event(), threading.Event(), audit.record_all

    def record_in_step(changes, action, *, by, **rest):
        if by is TESTER:
            has_seat.set()
            go_on_when(has_account)
        entries = record_all(changes, action, by=by, **rest)
        if by is OWNER and not has_account.is_set():
            has_account.set()
            go_on_when(has_seat)
        return entries

    monkeypatch.setattr(audit, "record_all", record_in_step)
    at_once(act, partial(sessions.release, session, by=TESTER))


def take_out(first, second):
    """The leaver has both sessions."""
    leaver = leavers.Leaver(first.account, username="jsmith")
    assert leaver.sessions == [first, second]
    return partial(leavers.remove, leaver, [leavers.Part.SESSIONS], **BY)


def block(first, second):
    wanted = [NewRule(username="jsmith")]
    return partial(release_and_block, second, wanted, **BY)


def revoke(first, second):
    return partial(stolen_keys.revoke, second.key, **BY)


@pytest.fixture
def held(transactional_db):
    """Two sessions of one person, each of a licence of its own."""
    account = AccountFactory()
    client = make_client(username="jsmith")
    return [make_session(make_pool(2, account=account), client) for _ in range(2)]


@pytest.mark.parametrize("act", [take_out, block, revoke])
def test_both_get_done(monkeypatch, held, act):
    beside_a_release(monkeypatch, act(*held), held[1])

    assert not ClientSession.objects.active().filter(pk=held[1].pk).exists()


def take_out_without_locks(first, second, monkeypatch):
    monkeypatch.setattr(pools, "lock_whole", lambda licence_ids: None)
    return take_out(first, second)


@transaction.atomic
def block_first(session):
    rules.add(session.account, NewRule(username="jsmith"), **BY)
    sessions.release(session, **BY)


@transaction.atomic
def revoke_first(session):
    keys.revoke(session.key, **BY)
    stolen_keys.end_sessions(session.key, **BY)


@pytest.mark.parametrize(
    "act",
    [
        take_out_without_locks,
        lambda first, second, _: partial(block_first, second),
        lambda first, second, _: partial(revoke_first, second),
    ],
    ids=["take out", "block", "revoke"],
)
def test_control_in_the_other_order_each_waits_for_the_other(monkeypatch, held, act):
    with pytest.raises(OperationalError, match="deadlock"):
        beside_a_release(monkeypatch, act(*held, monkeypatch), held[1])


def remove_beside_a_cancellation(monkeypatch):
    """An owner takes somebody out whose invitation somebody else is about to cancel."""
    account = AccountFactory()
    invitation = invitations.invite(account, "new@example.com", Role.VIEWER, by=OWNER)
    member = MembershipFactory(account=account, user__email="new@example.com", role=Role.VIEWER)
    has_invitation, record_all = threading.Event(), audit.record_all

    def record_in_step(changes, action, *, by, **rest):
        if by is TESTER:
            has_invitation.set()
            go_on_when(threading.Event())
        return record_all(changes, action, by=by, **rest)

    def remove():
        assert has_invitation.wait(10)
        members.remove(member, **BY)

    monkeypatch.setattr(audit, "record_all", record_in_step)
    at_once(remove, partial(invitations.cancel, invitation, by=TESTER))


def test_an_invitation_is_cancelled_and_the_person_taken_out(monkeypatch):
    remove_beside_a_cancellation(monkeypatch)

    assert not Invitation.objects.pending().exists()
    assert not Membership.objects.filter(user__email="new@example.com").exists()


def test_control_an_invitation_locked_before_its_account_waits_for_ever(monkeypatch):
    monkeypatch.setattr(invitations, "lock", lambda account_id: None)

    with pytest.raises(OperationalError, match="deadlock"):
        remove_beside_a_cancellation(monkeypatch)
