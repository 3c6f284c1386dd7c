"""Refresh, close, release and reclaim of the same sessions at once."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest

from licensing import invariants, pool_statements, pools, sessions, statements
from licensing.grants import Grant
from licensing.models import ClientSession
from licensing.models.sessions import EndReason
from tests.factories import TESTER, make_client, make_pool, make_session
from tests.licensing.faults import SKIPS_LOCKED, changed, refresh_that_revives
from tests.licensing.races.together import at_once, held_seats

pytestmark = pytest.mark.django_db(transaction=True)

STALE = dt.timedelta(hours=49)
BATCH = "LIMIT %(batch)s"
SLOW_BATCH = f"AND pg_sleep(0.02) IS NOT NULL {BATCH}"


def test_released_by_two_people_at_once_is_released_once():
    session = make_session(make_pool(1))

    outcomes = at_once(*[lambda: sessions.release(session, by=TESTER)] * 8)

    assert sorted(outcomes) == [False] * 7 + [True]


def test_release_against_refresh_ends_released():
    key = make_pool(8)
    held = [make_session(key) for _ in range(8)]

    calls = [partial(sessions.release, s, by=TESTER) for s in held]
    calls += [partial(sessions.refresh, s.pk) for s in held]
    at_once(*calls)

    reasons = set(ClientSession.objects.values_list("end_reason", flat=True))
    assert reasons == {EndReason.RELEASED}
    assert held_seats(key) == 0


def test_two_reclaimers_take_each_seat_back_once():
    key = make_pool(40)
    for _ in range(40):
        make_session(key, refreshed=dt.timedelta(hours=49))

    reclaimed = at_once(sessions.reclaim_stale, sessions.reclaim_stale, sessions.reclaim_stale)

    assert sum(reclaimed) == 40
    assert held_seats(key) == 0


def test_a_reclaimed_session_returns_against_its_own_new_check_out_as_one():
    for _ in range(5):
        key = make_pool(3)
        client = make_client()
        old = make_session(key, client, refreshed=dt.timedelta(hours=49))
        sessions.reclaim_stale()

        at_once(partial(sessions.refresh, old.pk), partial(sessions.check_out, key, client))

        assert held_seats(key) == 1


def release_against_slow_refreshes(monkeypatch, refresh):
    """Refreshes that looked before the release and write after it; who holds a seat then."""
    slow = changed(refresh, "session.id = ", "pg_sleep(0.1) IS NOT NULL AND session.id = ", 1)
    monkeypatch.setattr(statements, "REFRESH", slow)
    key = make_pool(4)
    held = [make_session(key) for _ in range(4)]
    calls = [partial(sessions.release, s, by=TESTER) for s in held]
    calls += [partial(sessions.refresh, s.pk) for s in held]
    at_once(*calls)
    return ClientSession.objects.active().count()


def test_a_refresh_on_its_way_does_not_revive_what_is_released(monkeypatch):
    assert release_against_slow_refreshes(monkeypatch, statements.REFRESH) == 0


def test_control_a_refresh_without_its_guard_revives_what_is_released(monkeypatch):
    assert release_against_slow_refreshes(monkeypatch, refresh_that_revives()) > 0


def refresh_against_slow_reclaims(monkeypatch, reclaim):
    """Stale sessions refresh while two reclaim them; how many lost what was acknowledged."""
    monkeypatch.setattr(pools, "RECLAIM", changed(reclaim, BATCH, SLOW_BATCH))
    key = make_pool(12)
    stale = [make_session(key, refreshed=STALE) for _ in range(12)]
    refreshes = [partial(sessions.refresh, s.pk) for s in stale]
    reclaims = [partial(pools.reclaim_batch, [key.licence_id])] * 2
    outcomes = at_once(*reclaims, *refreshes)

    granted = {outcome.session_id for outcome in outcomes if isinstance(outcome, Grant)}
    return len(granted - set(ClientSession.objects.active().values_list("pk", flat=True)))


def test_an_acknowledged_refresh_is_not_reclaimed(monkeypatch):
    assert refresh_against_slow_reclaims(monkeypatch, pool_statements.RECLAIM) == 0
    assert invariants.broken() == []


def test_control_without_its_lock_reclaim_ends_what_was_just_refreshed(monkeypatch):
    unlocked = changed(pool_statements.RECLAIM, SKIPS_LOCKED, "")

    assert refresh_against_slow_reclaims(monkeypatch, unlocked) > 0


def test_control_without_its_lock_two_reclaimers_take_a_seat_twice(monkeypatch):
    unlocked = changed(pool_statements.RECLAIM, SKIPS_LOCKED, "")
    monkeypatch.setattr(pools, "RECLAIM", changed(unlocked, BATCH, SLOW_BATCH))
    key = make_pool(20)
    for _ in range(20):
        make_session(key, refreshed=STALE)

    assert sum(at_once(*[partial(pools.reclaim_batch, [key.licence_id])] * 2)) > 20


def test_reclaim_against_check_outs_gives_each_seat_once():
    key = make_pool(10)
    for _ in range(10):
        make_session(key, refreshed=STALE)

    calls = [partial(sessions.check_out, key, make_client()) for _ in range(14)]
    at_once(sessions.reclaim_stale, sessions.reclaim_stale, *calls)

    assert held_seats(key) == 10
    assert invariants.broken() == []


def test_an_acknowledged_close_is_not_undone_by_the_refresh_of_a_reclaimed_session():
    key = make_pool(8)
    reclaimed = [make_session(key, refreshed=STALE) for _ in range(8)]
    sessions.reclaim_stale()

    closes = [partial(sessions.close, s.pk) for s in reclaimed]
    at_once(*closes, *(partial(sessions.refresh, s.pk) for s in reclaimed))

    reasons = set(ClientSession.objects.values_list("end_reason", flat=True))
    assert reasons == {EndReason.CLOSED}
    assert held_seats(key) == 0


def test_control_a_close_that_looks_once_loses_to_such_a_refresh(monkeypatch):
    session = make_session(make_pool(1), refreshed=STALE)
    sessions.reclaim_stale()

    def refresh_in_between(session_id, ended_at):
        sessions.refresh(session_id)
        return True

    monkeypatch.setattr(sessions, "close_reclaimed", refresh_in_between)
    sessions.close(session.pk)

    assert ClientSession.objects.active().exists()
