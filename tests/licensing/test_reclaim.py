"""Stale sessions give their seats back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models.functions import Now

from licensing import history, licences, pools, sessions
from licensing.models import ClientSession
from licensing.models.sessions import EndReason
from tests.factories import TESTER, days_from_today, make_pool, make_session

pytestmark = pytest.mark.django_db

STALE = dt.timedelta(hours=49)


def test_takes_back_what_is_stale_and_nothing_else(pool):
    stale = make_session(pool, refreshed=STALE)
    fresh = make_session(pool)

    assert sessions.reclaim_stale() == 1

    stale.refresh_from_db()
    fresh.refresh_from_db()
    assert (stale.end_reason, fresh.end_reason) == (EndReason.RECLAIMED, "")
    assert pools.in_use(pool.licence) == 1


def test_looks_again_at_a_licence_when_its_earliest_session_may_be_stale(pool):
    first = make_session(pool, refreshed=dt.timedelta(hours=47))
    make_session(pool)

    assert sessions.reclaim_stale() == 0
    pool.licence.refresh_from_db()
    assert pool.licence.no_stale_before == first.reclaim_at

    type(pool.licence).objects.update(no_stale_before=Now())
    ClientSession.objects.filter(pk=first.pk).update(reclaim_at=Now())
    assert sessions.reclaim_stale() == 1


def test_reads_no_session_of_a_licence_that_has_none_that_are_stale(pool):
    make_session(pool)
    sessions.reclaim_stale()
    ClientSession.objects.update(reclaim_at=Now())  # as it can't become by itself

    assert sessions.reclaim_stale() == 0


def test_goes_batch_by_batch(monkeypatch):
    monkeypatch.setattr(pools, "BATCH", 2)
    key = make_pool(5)
    for _ in range(5):
        make_session(key, refreshed=STALE)

    assert sessions.reclaim_stale() == 5


def test_of_a_draining_pool_removes_the_seats(pool):
    make_session(pool, refreshed=STALE)
    make_session(pool)
    licences.set_seats(pool.licence, 1, by=TESTER)

    assert sessions.reclaim_stale() == 1

    assert pool.licence.seat_rows.count() == 1


def test_a_shorter_policy_makes_quiet_sessions_stale(pool):
    session = make_session(pool, refreshed=dt.timedelta(hours=1))

    licences.set_policy(pool.licence, licences.STRICT, by=TESTER)

    assert list(ClientSession.objects.stale()) == [session]


def test_sessions_of_ended_licences_are_ended(pool):
    session = make_session(pool)
    type(pool.licence).objects.update(ends_on=days_from_today(-2))

    assert sessions.end_sessions_of_ended_licences() == 1

    session.refresh_from_db()
    assert session.end_reason == EndReason.LICENCE_ENDED


def test_history_is_pruned_after_thirteen_months(pool):
    old = make_session(pool, refreshed=dt.timedelta(days=400))
    sessions.close(old.pk)
    ClientSession.objects.filter(pk=old.pk).update(ended_at=old.refreshed_at)
    recent = make_session(pool)
    sessions.close(recent.pk)

    assert history.prune() == 1

    assert list(ClientSession.objects.values_list("pk", flat=True)) == [recent.pk]
