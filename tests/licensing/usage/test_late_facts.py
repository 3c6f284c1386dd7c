"""What is told late marks the hours that it changes; what is told in time marks none."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import licences, sessions
from licensing.models import LateFact
from tests.factories import TESTER, make_pool, make_session

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def late_facts():
    return list(LateFact.objects.values_list("licence", "since"))


def test_a_close_that_happened_offline_hours_ago_is_one(pool):
    session = make_session(pool, refreshed=3 * HOUR)

    sessions.close(session.pk, ended_at=session.refreshed_at + HOUR)

    assert late_facts() == [(pool.licence_id, session.refreshed_at + HOUR)]


def test_told_twice_it_is_one_still(pool):
    session = make_session(pool, refreshed=3 * HOUR)

    for _ in range(2):
        sessions.close(session.pk, ended_at=session.refreshed_at + HOUR)

    assert len(late_facts()) == 1


def test_one_of_a_draining_pool_is_one_too():
    key = make_pool(2)
    session, _ = make_session(key, refreshed=3 * HOUR), make_session(key)
    licences.set_seats(key.licence, 1, by=TESTER)

    sessions.close(session.pk, ended_at=session.refreshed_at + HOUR)

    assert late_facts() == [(key.licence_id, session.refreshed_at + HOUR)]


def test_a_close_as_it_happens_is_none(pool):
    sessions.close(make_session(pool, refreshed=3 * HOUR).pk)

    assert late_facts() == []


def test_a_close_that_changes_nothing_is_none(pool):
    session = make_session(pool)

    sessions.close(session.pk, ended_at=session.refreshed_at - 3 * HOUR)

    assert late_facts() == []


def test_a_reclaimed_session_is_none(pool):
    """Its seat was held until it was taken back, whenever its program was closed."""
    session = make_session(pool, refreshed=dt.timedelta(hours=49))
    sessions.reclaim_stale()

    sessions.close(session.pk, ended_at=session.refreshed_at + HOUR)

    assert late_facts() == []
