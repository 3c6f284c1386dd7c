"""Two things at once: real transactions, real threads, PostgreSQL.

Each race has a control that takes the guard away and fails, which proves that
the race is real.
"""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection

from licensing import devices, errors, keys, licences, pools, rules, sessions, statements
from licensing.licences import Order
from licensing.models import ClientSession, Device, FeatureSeat, Licence, ProductKey, Seat
from licensing.models.sessions import EndReason
from licensing.rules import NewRule
from tests.factories import TESTER, make_client, make_pool, make_session, make_single_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

THREADS = 20
SKEW = dt.timedelta(milliseconds=500)
"""A check-out that began before the revocation committed may end a moment after it."""


def at_once(*calls):
    """Run the calls in threads that start together; return their results or LicensingErrors."""
    barrier = threading.Barrier(min(len(calls), THREADS))

    def run(index, call):
        if index < THREADS:
            barrier.wait()
        try:
            return call()
        except errors.LicensingError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(run, range(len(calls)), calls))


def race_for(key, clients):
    """All clients check out at once; the session ids of those that got a seat."""
    outcomes = at_once(*(partial(sessions.check_out, key, client) for client in clients))
    return [outcome[0].session_id for outcome in outcomes if isinstance(outcome, tuple)]


def held_seats(key) -> int:
    return Seat.objects.held().filter(licence=key.licence_id).count()


def test_200_check_outs_on_10_seats_give_exactly_10():
    key = make_pool(10)

    granted = race_for(key, [make_client() for _ in range(200)])

    assert len(granted) == len(set(granted)) == 10
    assert held_seats(key) == 10
    assert ClientSession.objects.active().count() == 10


def test_control_without_seat_rows_the_same_race_oversells(monkeypatch):
    """Counting sessions instead of taking a seat row, as other systems do."""
    counting = statements.OPEN_SESSION.text.replace(
        "{which}",
        """
        SELECT NULL::bigint AS id WHERE (
            SELECT count(*) FROM licensing_clientsession
            WHERE licence_id = %(licence)s AND ended_at IS NULL
        ) < (SELECT seats FROM licensing_licence WHERE id = %(licence)s)
        AND pg_sleep(0.05) IS NOT NULL
        """,
    )
    monkeypatch.setattr(pools, "OPEN_SESSION", statements.SeatStatement(counting))
    key = make_pool(10)

    granted = race_for(key, [make_client() for _ in range(40)])

    assert len(granted) > 10


def test_the_same_user_50_times_gives_one_session():
    key = make_pool(10)
    client = make_client()

    granted = race_for(key, [client] * 50)

    assert len(granted) == 50
    assert len(set(granted)) == 1
    assert held_seats(key) == 1


def test_control_without_the_unique_index_the_same_user_takes_several_seats(monkeypatch):
    everybody_new = statements.OPEN_SESSION.text.replace("%(identity)s", "gen_random_uuid()")
    monkeypatch.setattr(pools, "OPEN_SESSION", statements.SeatStatement(everybody_new))
    key = make_pool(10)

    granted = race_for(key, [make_client()] * 10)

    assert len(set(granted)) > 1


def test_a_seat_on_its_way_back_is_not_refused():
    """Closes and check-outs of a full pool at once: whoever asks after a close gets the seat."""
    key = make_pool(5)
    for _ in range(6):
        held = list(ClientSession.objects.active()) or [make_session(key) for _ in range(5)]

        def swap(session):
            sessions.close(session.pk)
            return sessions.check_out(key, make_client())

        outcomes = at_once(*(partial(swap, session) for session in held))
        assert [o for o in outcomes if isinstance(o, errors.LicensingError)] == []
        assert held_seats(key) == 5


def test_a_late_refresh_never_makes_an_eleventh():
    key = make_pool(10)
    late = [make_session(key, refreshed=dt.timedelta(hours=49)) for _ in range(10)]

    refreshes = [partial(sessions.refresh, session.pk) for session in late]
    newcomers = [partial(sessions.check_out, key, make_client()) for _ in range(10)]
    at_once(*(call for pair in zip(refreshes, newcomers, strict=True) for call in pair))

    assert held_seats(key) == 10
    assert ClientSession.objects.active().count() == 10


def test_control_a_refresh_without_its_guard_makes_an_eleventh(monkeypatch):
    unguarded = statements.REFRESH.replace("AND session.ended_at IS NULL", "")
    unguarded = unguarded.replace("SET ", "SET ended_at = NULL, end_reason = '', ", 1)
    monkeypatch.setattr(statements, "REFRESH", unguarded)
    key = make_pool(1)
    late = make_session(key, refreshed=dt.timedelta(hours=49))
    sessions.check_out(key, make_client())

    sessions.refresh(late.pk)

    assert ClientSession.objects.active().count() == 2


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


def test_two_devices_at_once_bind_one_seat():
    key = make_single_user()

    outcomes = at_once(*(partial(sessions.check_out, key, make_client()) for _ in range(10)))

    assert sum(isinstance(outcome, tuple) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, errors.DeviceLimit) for outcome in outcomes) == 9


def test_a_reclaimed_session_returns_against_its_own_new_check_out_as_one():
    for _ in range(5):
        key = make_pool(3)
        client = make_client()
        old = make_session(key, client, refreshed=dt.timedelta(hours=49))
        sessions.reclaim_stale()

        at_once(partial(sessions.refresh, old.pk), partial(sessions.check_out, key, client))

        assert held_seats(key) == 1


def race_for_a_feature():
    """Ten planners want the three seats of 4D in a pool with room for all of them."""
    key = make_pool(10, features=["4d:3"])
    calls = [partial(sessions.check_out, key, make_client(features=("4d",))) for _ in range(10)]
    outcomes = at_once(*calls)
    return key, [outcome for outcome in outcomes if isinstance(outcome, tuple)]


def test_three_seats_of_a_feature_go_to_three():
    key, granted = race_for_a_feature()

    assert len(granted) == held_seats(key) == 3
    assert FeatureSeat.objects.filter(session__isnull=False).count() == 3


def test_control_without_the_lock_a_feature_is_promised_to_more(monkeypatch):
    monkeypatch.setattr(pools, "lock", lambda licence_id: Licence.objects.get(pk=licence_id))
    slow = statements.TAKE_FEATURE.replace("LIMIT 1", "AND pg_sleep(0.05) IS NOT NULL LIMIT 1")
    monkeypatch.setattr(pools, "TAKE_FEATURE", slow)

    key, granted = race_for_a_feature()

    assert len(granted) > FeatureSeat.objects.filter(session__isnull=False).count()
    assert held_seats(key) > 3


def test_a_lease_reactivated_by_two_at_once_is_replaced_once():
    lease, _ = licences.take_over_lease(Order(account_name="Brook", seats=1), by=TESTER)

    outcomes = at_once(*[partial(licences.reactivate_lease, lease.licence, by=TESTER)] * 4)

    assert sum(isinstance(outcome, tuple) for outcome in outcomes) == 1
    assert Licence.objects.filter(replaces=lease.licence).count() == 1


def test_a_device_freed_by_two_at_once_is_freed_once():
    key = make_single_user()
    make_session(key)
    device = Device.objects.get()

    outcomes = at_once(*[partial(devices.free, device, by=TESTER)] * 4)

    assert sorted(outcomes) == [False] * 3 + [True]


def test_a_move_against_check_outs_binds_one_device():
    key = make_single_user()
    session = make_session(key)

    calls = [partial(sessions.check_out, key, make_client()) for _ in range(8)]
    at_once(partial(devices.move, session.pk), *calls)

    assert Device.objects.bound().count() <= 1
    assert held_seats(key) == Device.objects.bound().count()


def test_a_key_revoked_against_check_outs_opens_nothing_afterwards():
    key = make_pool(50)

    calls = [partial(sessions.check_out, keys.find(key.serial_number), make_client())
             for _ in range(15)]  # fmt: skip
    at_once(partial(keys.revoke, key, by=TESTER), *calls)

    revoked_at = ProductKey.objects.get().revoked_at
    assert not ClientSession.objects.filter(started_at__gt=revoked_at + SKEW).exists()


def test_a_block_against_check_outs_ends_all_of_them():
    key = make_pool(50)

    calls = [
        partial(sessions.check_out, key, make_client(username=f"ACME\\{n}")) for n in range(15)
    ]
    block = partial(rules.add, key.account, NewRule(username="acme\\*"), by=TESTER)
    at_once(block, *calls)

    for session in ClientSession.objects.active():
        with pytest.raises(errors.AccessBlocked):
            sessions.refresh(session.pk)
    assert held_seats(key) == 0
