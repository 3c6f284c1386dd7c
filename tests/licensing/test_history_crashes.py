"""A session whose move to history is cut off is in one place, whichever."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.db import connection

from licensing import clock, history, invariants, partitions, sessions
from tests.factories import make_pool, make_session
from tests.licensing.cut_off import cut_before, half_done

__all__ = ["cut_before"]

pytestmark = pytest.mark.django_db(transaction=True)

STALE = dt.timedelta(hours=49)


def a_move_to_history():
    key = make_pool(1)
    session = make_session(key)
    sessions.close(session.pk)
    before = clock.database_time()
    partitions.make(history.SESSIONS.table, since=before, until=before)
    return key.account, partial(history.move_of, history.SESSIONS, key.account_id, before)


def a_return_from_history():
    key = make_pool(2)
    session = make_session(key, refreshed=STALE)
    sessions.reclaim_stale()
    before = clock.database_time()
    partitions.make(history.SESSIONS.table, since=before, until=before)
    assert history.move_of(history.SESSIONS, key.account_id, before) == 1
    return key.account, partial(sessions.close, session.pk)


@pytest.mark.slow
@pytest.mark.parametrize("prepare", [a_move_to_history, a_return_from_history])
def test_is_done_as_a_whole_or_not_at_all(prepare, cut_before):
    assert half_done(prepare, cut_before) == []
    assert invariants.broken() == []


@pytest.mark.slow
def test_control_a_move_in_two_statements_loses_rows(cut_before):
    def in_two(_, values):
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM licensing_clientsession WHERE ended_at < %(before)s RETURNING *",
                values,
            )
            rows = cursor.fetchall()
        for row in rows:
            places = ", ".join(["%s"] * len(row))
            changed(f"INSERT INTO licensing_endedsession VALUES ({places})", row)
        return len(rows)

    changed = history.changed
    with pytest.MonkeyPatch.context() as plant:
        plant.setattr(history, "changed", in_two)
        assert half_done(a_move_to_history, cut_before) != []
