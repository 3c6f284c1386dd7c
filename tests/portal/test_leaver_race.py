"""Somebody is taken out while one of their sessions is released: neither waits for the other."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.db import OperationalError

from devstack import processes
from licensing import audit, pools, sessions
from licensing.models import ClientSession
from licensing.statements import fetch_value
from portal import leavers
from tests.factories import TESTER, AccountFactory, make_client, make_pool, make_session
from tests.licensing.races.together import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

OWNER = audit.Actor("person", "1", "An owner")
WAITING_FOR_THIS_ONE = """
    SELECT count(*) FROM pg_locks
    WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
"""


def go_on_when(happened):
    """Wait until the other side is so far, or waits for this one already."""
    assert processes.wait_until(
        lambda: happened.is_set() or fetch_value(WAITING_FOR_THIS_ONE, {}) > 0, seconds=10
    )


def leave_and_release(monkeypatch):
    """The leaver's first session has its entry when somebody frees the seat of the second."""
    account = AccountFactory()
    first, second = (
        make_session(make_pool(2, account=account), make_client(username="jsmith"))
        for _ in range(2)
    )
    leaver = leavers.Leaver(account, username="jsmith")
    assert leaver.sessions == [first, second]
    has_account, has_seat, record = threading.Event(), threading.Event(), audit.record

    def record_in_step(subject, action, *, by, **rest):
        if by is TESTER:
            has_seat.set()
            go_on_when(has_account)
        entry = record(subject, action, by=by, **rest)
        if by is OWNER and not has_account.is_set():
            has_account.set()
            go_on_when(has_seat)
        return entry

    monkeypatch.setattr(audit, "record", record_in_step)
    at_once(
        partial(leavers.remove, leaver, [leavers.Part.SESSIONS], by=OWNER, reason="Left"),
        partial(sessions.release, second, by=TESTER),
    )


def test_both_get_done(monkeypatch):
    leave_and_release(monkeypatch)

    assert not ClientSession.objects.active().exists()


def test_control_without_its_locks_each_waits_for_the_other(monkeypatch):
    monkeypatch.setattr(pools, "lock_whole", lambda licence_ids: None)

    with pytest.raises(OperationalError, match="deadlock"):
        leave_and_release(monkeypatch)
