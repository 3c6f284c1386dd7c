"""Somebody frees another's seat (FAQ: "What happens if a user goes on holiday ...")."""

from __future__ import annotations

import pytest

from licensing import sessions
from licensing.models import AuditEntry
from tests.factories import TESTER, make_client, make_session

pytestmark = pytest.mark.django_db


def test_frees_the_seat_at_once(pool):
    make_session(pool)
    forgotten = make_session(pool)

    assert sessions.release(forgotten, by=TESTER, reason="On holiday")

    _, created = sessions.check_out(pool, make_client())
    assert created


def test_bars_nobody(pool):
    client = make_client()
    session = make_session(pool, client)

    sessions.release(session, by=TESTER)

    _, created = sessions.check_out(pool, client)
    assert created


def test_leaves_an_audit_entry_with_its_reason(pool):
    session = make_session(pool)

    sessions.release(session, by=TESTER, reason="On holiday")

    entry = AuditEntry.objects.first()
    assert (entry.action, entry.reason, entry.object_id, entry.actor_name) == (
        "session_released",
        "On holiday",
        str(session.pk),
        TESTER.name,
    )


def test_of_a_closed_session_does_nothing_and_says_so(pool):
    session = make_session(pool)
    sessions.close(session.pk)
    before = AuditEntry.objects.count()

    assert not sessions.release(session, by=TESTER)

    assert AuditEntry.objects.count() == before
