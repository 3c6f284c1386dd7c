from __future__ import annotations

import datetime as dt

import pytest

from licensing import errors, keys, licences, sessions, stolen_keys
from licensing.models import AuditEntry, ClientSession
from tests.factories import TESTER, make_pool, make_session


def test_frees_the_seats_of_this_key_only(db):
    key = make_pool()
    other_key, _ = keys.issue(key.licence, by=TESTER)
    make_session(key)
    make_session(key)
    kept = make_session(other_key)

    assert stolen_keys.end_sessions(key, by=TESTER) == 2
    assert ClientSession.objects.active().get() == kept


def test_ends_many_at_once_so_that_none_waits_for_the_others(pool):
    for _ in range(2):
        make_session(pool)

    stolen_keys.end_sessions(pool, by=TESTER)

    assert ClientSession.objects.values("ended_at").distinct().count() == 1


def test_an_ended_client_learns_why(pool):
    session = make_session(pool)

    stolen_keys.end_sessions(pool, by=TESTER)

    with pytest.raises(errors.SessionEnded) as told:
        sessions.refresh(session.pk)
    assert told.value.extra["reason"] == "key_revoked"


def test_a_reclaimed_session_takes_no_seat_again(pool):
    session = make_session(pool, refreshed=dt.timedelta(hours=49))
    sessions.reclaim_stale()

    assert stolen_keys.end_sessions(pool, by=TESTER) == 0

    with pytest.raises(errors.SessionEnded):
        sessions.refresh(session.pk)


def test_a_pool_over_its_limit_drains(pool):
    make_session(pool)
    make_session(pool)
    licences.set_seats(pool.licence, 1, by=TESTER)

    assert stolen_keys.end_sessions(pool, by=TESTER) == 2
    assert pool.licence.seat_rows.free().count() == pool.licence.seat_rows.count() == 1


def test_leaves_an_entry(pool):
    make_session(pool)

    stolen_keys.end_sessions(pool, by=TESTER, reason="Leak suspected")

    entry = AuditEntry.objects.get(action="sessions_ended")
    assert (entry.object_name, entry.reason, entry.details) == (
        pool.serial_number,
        "Leak suspected",
        {"ended": 1},
    )
