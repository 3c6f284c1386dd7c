"""The user limit goes up and down; nobody is thrown out."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import errors, licences, pools, sessions
from licensing.models import AuditEntry
from tests.factories import TESTER, make_client, make_pool, make_session, make_single_user

pytestmark = pytest.mark.django_db


def is_refused(key) -> bool:
    try:
        sessions.check_out(key, make_client())
    except errors.PoolExhausted:
        return True
    return False


def test_up_lets_more_people_start(pool):
    make_session(pool)
    make_session(pool)

    licences.set_seats(pool.licence, 3, by=TESTER)

    assert not is_refused(pool)
    assert is_refused(pool)


def test_down_removes_free_seats():
    key = make_pool(5)

    licences.set_seats(key.licence, 2, by=TESTER)

    assert key.licence.seat_rows.count() == 2


def test_below_what_is_in_use_throws_nobody_out_and_lets_nobody_in():
    key = make_pool(4)
    held = [make_session(key) for _ in range(4)]

    licences.set_seats(key.licence, 2, by=TESTER)

    assert [sessions.refresh(session.pk).session_id for session in held] == [s.pk for s in held]
    refused = []
    for session in held:
        refused.append((pools.in_use(key.licence), is_refused(key)))
        sessions.close(session.pk)
    assert refused == [(4, True), (3, True), (2, True), (1, False)]
    assert key.licence.seat_rows.count() == 2


def test_back_up_before_it_drained_ends_the_draining():
    key = make_pool(3)
    held = [make_session(key) for _ in range(3)]
    licences.set_seats(key.licence, 1, by=TESTER)

    licences.set_seats(key.licence, 3, by=TESTER)

    sessions.close(held[0].pk)
    assert key.licence.seat_rows.count() == 3
    assert not is_refused(key)


def test_refused_over_the_limit_says_how_far():
    key = make_pool(3)
    for _ in range(3):
        make_session(key)
    licences.set_seats(key.licence, 1, by=TESTER)

    with pytest.raises(errors.PoolExhausted) as refusal:
        sessions.check_out(key, make_client())

    assert (refusal.value.extra["seats"], refusal.value.extra["in_use"]) == (1, 3)


@pytest.mark.parametrize("seats", [0, -1, 100_001])
def test_an_impossible_number_is_refused(pool, seats):
    with pytest.raises(errors.InvalidOperation):
        licences.set_seats(pool.licence, seats, by=TESTER)

    pool.licence.refresh_from_db()
    assert pool.licence.seats == 2


def test_is_audited_with_both_numbers(pool):
    licences.set_seats(pool.licence, 3, by=TESTER, reason="Order 4711")

    entry = AuditEntry.objects.first()
    assert (entry.action, entry.reason, entry.details) == (
        "seats_changed",
        "Order 4711",
        {"before": 2, "after": 3},
    )


def test_single_user_seats_below_the_bound_devices_bind_nobody_new():
    key = make_single_user(2)
    for machine in ("LAPTOP-1", "LAPTOP-2"):
        sessions.close(make_session(key, make_client(machine_name=machine)).pk)

    licences.set_seats(key.licence, 1, by=TESTER)

    make_session(key, make_client(machine_name="LAPTOP-1"))
    with pytest.raises(errors.DeviceLimit):
        sessions.check_out(key, make_client(machine_name="LAPTOP-3"))
    with pytest.raises(errors.PoolExhausted):
        sessions.check_out(key, make_client(machine_name="LAPTOP-2"))


def test_a_reclaimed_session_does_not_return_beyond_a_lowered_limit_of_devices():
    key = make_single_user(2, policy=licences.FRIENDLY)
    make_session(key)
    reclaimed = make_session(key, refreshed=dt.timedelta(hours=49))
    sessions.reclaim_stale()

    licences.set_seats(key.licence, 1, by=TESTER)

    with pytest.raises(errors.PoolExhausted):
        sessions.refresh(reclaimed.pk)
