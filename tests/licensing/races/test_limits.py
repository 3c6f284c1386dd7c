"""The limit is changed while clients come and go."""

from __future__ import annotations

import threading
import time
from functools import partial

import pytest
from django.db.models import QuerySet

from licensing import emergency_seats, invariants, licences, planned_seats, pools, sessions
from licensing.models import ClientSession, Licence, PlannedSeats
from licensing.models.planned_seats import PlannedSeatsQuerySet
from tests.factories import TESTER, days_from_today, make_client, make_pool, make_session
from tests.licensing.races.together import at_once, held_seats

pytestmark = pytest.mark.django_db(transaction=True)


def test_seats_lowered_against_check_outs_never_leave_more_than_were_held():
    key = make_pool(12)
    for _ in range(6):
        make_session(key)

    calls = [partial(sessions.check_out, key, make_client()) for _ in range(10)]
    calls.insert(5, lambda: licences.set_seats(key.licence, 3, by=TESTER))
    at_once(*calls)

    rows = key.licence.seat_rows
    assert rows.count() == rows.held().count() == rows.filter(draining=True).count()
    for session in ClientSession.objects.active():
        sessions.close(session.pk)
    assert (rows.count(), held_seats(key)) == (3, 0)


def test_closes_while_the_limit_is_lowered_end_at_the_limit():
    key = make_pool(12)
    held = [make_session(key) for _ in range(12)]

    calls = [partial(sessions.close, s.pk) for s in held]
    calls.insert(6, lambda: licences.set_seats(key.licence, 4, by=TESTER))
    at_once(*calls)

    assert key.licence.seat_rows.count() == 4
    assert held_seats(key) == 0


def lower_the_limit_slowly(monkeypatch):
    """Lower the limit of an empty pool from twelve to one, and check out meanwhile.

    The check-outs begin when it is settled which free seats go, and have time before they
    are removed. What is broken in the end.
    """
    settled, delete = threading.Event(), QuerySet.delete

    def delete_later(rows):
        settled.set()
        time.sleep(0.3)
        return delete(rows)

    def check_out(key):
        settled.wait(5)
        return sessions.check_out(key, make_client())

    monkeypatch.setattr(QuerySet, "delete", delete_later)
    key = make_pool(12)
    calls = [partial(check_out, key) for _ in range(12)]
    at_once(partial(licences.set_seats, key.licence, 1, by=TESTER), *calls)
    return invariants.broken()


def test_a_seat_that_is_taken_is_not_removed(monkeypatch):
    assert lower_the_limit_slowly(monkeypatch) == []


def test_control_without_locks_a_seat_is_removed_from_under_its_session(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)

    broken = lower_the_limit_slowly(monkeypatch)

    assert any("is active but holds no seat" in sentence for sentence in broken)


def test_two_who_set_the_limit_at_once_leave_one_limit():
    key = make_pool(5)
    for _ in range(4):
        make_session(key)

    at_once(*(partial(licences.set_seats, key.licence, n, by=TESTER) for n in (2, 9, 3, 12, 1)))

    assert invariants.broken() == []
    assert ClientSession.objects.active().count() == 4


def tried_at_once(key):
    """Four workers at once carry a planned change out; how many did."""
    row = planned_seats.plan(key.licence, 8, on=days_from_today(2), by=TESTER)
    PlannedSeats.objects.update(on=days_from_today(-1))
    done = at_once(*(partial(planned_seats.carry_out, row.pk) for _ in range(4)))
    return done.count(True)


def test_a_planned_change_is_carried_out_once_however_many_workers_try():
    assert tried_at_once(make_pool(5)) == 1
    assert invariants.broken() == []


def test_control_without_the_lock_several_carry_it_out(monkeypatch):
    """Each worker has looked before any has written."""
    looked, look = threading.Barrier(4), PlannedSeatsQuerySet.due

    def look_together(rows):
        found = [row.pk for row in look(rows)]
        looked.wait(5)
        return rows.filter(pk__in=found)

    monkeypatch.setattr(pools, "lock", lambda pk: Licence.objects.get(pk=pk))
    monkeypatch.setattr(PlannedSeatsQuerySet, "due", look_together)

    assert tried_at_once(make_pool(5)) > 1


def test_emergency_seats_that_end_twice_at_once_go_back_once():
    key = make_pool(5)
    row = emergency_seats.give(key.licence, 3, hours=4, by=TESTER)

    at_once(*(partial(emergency_seats.end, row, by=TESTER) for _ in range(4)))

    assert Licence.objects.get(pk=key.licence_id).seats == 5
