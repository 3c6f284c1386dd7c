"""A hold is the time in which a session kept a seat; none is lost, and none is told twice."""

from __future__ import annotations

import datetime as dt
import importlib

import pytest
from django.db import connection

from licensing import clock, sessions
from licensing.models import ClientSession, FeatureSeat, Hold, LicenceFeature
from licensing.usage import holds
from tests.factories import TESTER, make_client, make_pool, make_session, move_back

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
LONG_AGO, FAR_OFF = dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
FEATURE_HOLDS_SO_FAR = importlib.import_module("licensing.migrations.0029_feature_holds_so_far")


def told(found):
    return [(hold.session, hold.start, hold.end) for hold in found]


def holds_of(key, since=LONG_AGO, until=FAR_OFF):
    return told(holds.of_licence(key.licence, since, until))


def holds_of_feature(key, since=LONG_AGO, until=FAR_OFF):
    included = LicenceFeature.objects.get(licence=key.licence)
    return told(holds.of_feature(included, since, until))


def returned(key):
    """A session whose seat was reclaimed and that took one again a while later."""
    session = make_session(key, refreshed=dt.timedelta(hours=50))
    sessions.reclaim_stale()
    session.refresh_from_db()
    ClientSession.objects.filter(pk=session.pk).update(ended_at=session.ended_at - HOUR)
    sessions.refresh(session.pk)
    before, session = session, ClientSession.objects.get(pk=session.pk)
    return session, before.ended_at - HOUR


def test_an_open_session_is_one_that_lasts(pool):
    session = make_session(pool)

    [hold] = holds.of_licence(pool.licence, LONG_AGO, FAR_OFF)

    assert hold == holds.Held(
        session.started_at, None, session.person, session.machine,
        pool.licence_id, session.pk, session.username, session.machine_name, pool.pk, "16.0.02",
    )  # fmt: skip
    assert hold.over_by(FAR_OFF)[:2] == (session.started_at, FAR_OFF)


def test_an_ended_session_is_one_that_is_over(pool):
    session = make_session(pool, refreshed=HOUR)
    sessions.close(session.pk, ended_at=session.refreshed_at + MINUTE)
    session.refresh_from_db()

    assert holds_of(pool) == [(session.pk, session.started_at, session.ended_at)]
    assert not Hold.objects.exists()


def test_one_that_lasted_for_days_is_told_of_a_day_in_their_midst(pool):
    session = make_session(pool)
    began, ended = session.started_at - 9 * DAY, session.started_at - 2 * DAY
    midst = began + 3 * DAY
    ClientSession.objects.update(started_at=began, ended_at=ended, end_reason="closed")

    assert holds_of(pool, midst, midst + DAY) == [(session.pk, began, ended)]
    assert ClientSession.every.open_within(midst, midst + DAY).count() == 1
    assert not ClientSession.every.open_within(ended, ended + DAY).exists()
    assert not ClientSession.every.open_within(began - DAY, began).exists()


def test_a_session_that_took_a_seat_again_is_two_with_a_gap(pool):
    session, lost_at = returned(pool)

    assert holds_of(pool) == [
        (session.pk, session.started_at, lost_at),
        (session.pk, session.held_since, None),
    ]


def test_one_that_loses_its_seat_again_keeps_both(pool):
    session, lost_at = returned(pool)
    sessions.release(session, by=TESTER)
    session.refresh_from_db()

    assert holds_of(pool) == [
        (session.pk, session.started_at, lost_at),
        (session.pk, session.held_since, session.ended_at),
    ]


def test_an_undone_release_is_a_gap_too(pool):
    session = make_session(pool, refreshed=MINUTE)
    sessions.release(session, by=TESTER)
    released_at = ClientSession.objects.get(pk=session.pk).ended_at

    sessions.undo_release(session, by=TESTER)

    session.refresh_from_db()
    assert session.held_since > released_at
    assert holds_of(pool) == [
        (session.pk, session.started_at, released_at),
        (session.pk, session.held_since, None),
    ]


def test_a_late_close_never_ends_a_hold_before_it_began(pool):
    session = make_session(pool, refreshed=HOUR)
    sessions.release(session, by=TESTER)
    sessions.undo_release(session, by=TESTER)

    sessions.close(session.pk, ended_at=session.refreshed_at + MINUTE)

    session.refresh_from_db()
    assert session.ended_at == session.held_since
    assert [hold[:2] for hold in holds_of(pool)] == [(session.pk, session.started_at)]


def test_those_of_a_range_are_those_that_overlap_it(pool):
    session = make_session(pool, refreshed=2 * HOUR)
    sessions.close(session.pk, ended_at=session.refreshed_at + HOUR)
    session.refresh_from_db()
    start, end = session.started_at, session.ended_at

    assert [
        len(holds_of(pool, *range_))
        for range_ in (
            (LONG_AGO, start), (end, FAR_OFF), (start - MINUTE, start + MINUTE),
            (end - MINUTE, end + MINUTE), (start + MINUTE, end - MINUTE),
        )
    ] == [0, 0, 1, 1, 1]  # fmt: skip


def test_they_come_in_order_some_at_a_time(monkeypatch):
    monkeypatch.setattr(holds, "AT_ONCE", 2)
    key, other = make_pool(5), make_pool(1)
    for hours in (3, 1, 5, 2, 4):
        make_session(key, refreshed=hours * HOUR)
    make_session(other)

    starts = [start for _session, start, _end in holds_of(key)]

    assert len(starts) == 5
    assert starts == sorted(starts)


def test_those_of_several_licences_come_licence_by_licence():
    one, other, idle = (make_pool(3) for _ in range(3))
    expected = {
        key.licence_id: [make_session(key, refreshed=hours * HOUR).pk for hours in (2, 1)]
        for key in (other, one)
    }

    licences = [key.licence for key in (one, other, idle)]
    assert {
        licence: [hold.session for hold in found]
        for licence, found in holds.of_licences(licences, LONG_AGO, FAR_OFF)
    } == expected


def with_feature(**asked):
    return make_client(features=("4d",), **asked)


def test_a_limited_feature_is_held_as_long_as_its_session():
    key = make_pool(3, features=["4d:1"])
    first = make_session(key, with_feature())
    sessions.close(first.pk)
    second = make_session(key, with_feature())
    first.refresh_from_db()

    [over, lasting] = holds_of_feature(key)

    assert (over[0], over[2]) == (first.pk, first.ended_at)
    assert first.started_at <= over[1] <= first.ended_at
    assert (lasting[0], lasting[2]) == (second.pk, None)
    assert second.started_at <= lasting[1]
    assert len(holds_of(key)) == 2


def test_one_that_is_taken_later_is_held_from_then():
    key = make_pool(2, features=["4d:1"])
    client = make_client(machine_name="CAD-1", username="anna")
    session = make_session(key, client, refreshed=HOUR)

    make_session(key, with_feature(machine_name="CAD-1", username="anna"))

    [(held_by, since, _until)] = holds_of_feature(key)
    assert held_by == session.pk
    assert since > session.started_at + HOUR / 2


def test_a_late_close_ends_the_hold_of_a_feature_then_too():
    key = make_pool(2, features=["4d:1"])
    session = make_session(key, with_feature())
    move_back(session, 2 * HOUR)
    FeatureSeat.objects.filter(session=session).update(held_since=session.started_at)

    sessions.close(session.pk, ended_at=session.refreshed_at + MINUTE)

    session.refresh_from_db()
    assert holds_of_feature(key) == [(session.pk, session.started_at, session.ended_at)]
    assert not FeatureSeat.objects.exclude(held_since=None).exists()


def test_a_seat_taken_before_that_was_noted_counts_from_its_sessions_start():
    key = make_pool(2, features=["4d:1"])
    session = make_session(key, with_feature(), refreshed=HOUR)
    FeatureSeat.objects.update(held_since=None)

    assert holds_of_feature(key) == [(session.pk, session.started_at, None)]
    sessions.close(session.pk)
    session.refresh_from_db()
    assert holds_of_feature(key) == [(session.pk, session.started_at, session.ended_at)]


def test_a_feature_that_comes_back_with_its_session_is_two():
    key = make_pool(2, features=["4d:1"])
    session = make_session(key, with_feature(), refreshed=dt.timedelta(hours=50))
    sessions.reclaim_stale()
    lost_at = ClientSession.objects.get(pk=session.pk).ended_at
    sessions.refresh(session.pk)

    assert [end for _session, _start, end in holds_of_feature(key)] == [lost_at, None]


def test_of_now_there_are_those_who_are_in(pool):
    session, gone = make_session(pool), make_session(pool)
    sessions.close(gone.pk)
    now = clock.database_time()

    assert [hold[0] for hold in holds_of(pool, now, FAR_OFF)] == [session.pk]


def test_features_of_sessions_that_were_over_before_are_taken_from_them():
    key = make_pool(3, features=["4d:1", "bim"])
    session = make_session(key, make_client(features=("4d", "bim")))
    sessions.close(session.pk)
    sessions.close(make_session(key, make_client(features=("bim",))).pk)
    make_session(key, with_feature())
    session.refresh_from_db()
    Hold.objects.all().delete()

    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute(FEATURE_HOLDS_SO_FAR.DERIVE)

    assert list(Hold.objects.values_list("session", "held_since", "held_until")) == [
        (session.pk, session.started_at, session.ended_at)
    ]
