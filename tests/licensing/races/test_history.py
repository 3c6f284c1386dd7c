"""Sessions of long ago on their way to history, against programs that are back just then."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection, transaction

from licensing import clock, history, invariants, partitions, pools, sessions
from licensing.models import ClientSession
from licensing.models.sessions import EndReason
from tests.factories import ago, make_pool, make_session
from tests.licensing.faults import changed
from tests.licensing.races.together import at_once, once_one_sleeps

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reclaimed(monkeypatch):
    """A session whose seat was reclaimed long ago; it moves to history slowly."""
    moves_slowly = changed(
        history.MOVE,
        "FROM gone",
        "FROM gone WHERE pg_sleep(0.3 + 0 * length({at}::text)) IS NOT NULL",
    )
    monkeypatch.setattr(history, "MOVE", moves_slowly)
    session = make_session(make_pool(1))
    ClientSession.objects.update(reclaim_at=ago(minutes=1))
    sessions.reclaim_stale()
    ClientSession.objects.update(started_at=ago(days=40), ended_at=ago(days=31))
    return session


def test_a_program_that_is_back_meanwhile_has_its_seat_again(reclaimed):
    refresh = once_one_sleeps(partial(sessions.refresh, reclaimed.pk))

    moved, grant = at_once(history.move, refresh)

    assert (moved, grant.session_id) == (1, reclaimed.pk)
    assert ClientSession.objects.active().get() == reclaimed
    assert invariants.broken() == []


def test_control_one_that_is_not_kept_at_hand_is_told_that_the_pool_is_full(reclaimed, monkeypatch):
    monkeypatch.setattr(pools.history, "keep_at_hand", lambda _: False)
    refresh = once_one_sleeps(partial(sessions.refresh, reclaimed.pk))

    _moved, refusal = at_once(history.move, refresh)

    assert refusal.code == "pool_exhausted"


def test_a_close_meanwhile_is_noted(reclaimed):
    close = once_one_sleeps(partial(sessions.close, reclaimed.pk))

    at_once(history.move, close)

    assert ClientSession.every.get().end_reason == EndReason.CLOSED


def test_a_session_that_takes_its_seat_again_does_not_move(reclaimed):
    for _ in range(3):
        at_once(history.move, history.move, partial(sessions.refresh, reclaimed.pk))

        assert ClientSession.objects.active().get() == reclaimed
        assert ClientSession.every.count() == 1


def test_a_month_that_somebody_reads_stays_until_later(monkeypatch):
    monkeypatch.setattr(partitions, "DROP", changed(partitions.DROP, "2s", "20ms"))
    table, now = history.SESSIONS.table, clock.database_time()
    partitions.make(table, since=now, until=now)
    drop = partial(partitions.drop, table, before=now + history.AHEAD * 2)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert at_once(drop) == [0]
        assert partitions.existing(table)
    assert at_once(drop)[0] > 0
    assert partitions.existing(table) == []
