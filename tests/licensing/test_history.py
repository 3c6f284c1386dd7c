"""What ended long ago is history: moved away from what goes on, and read with it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
import uuid

import pytest
from django.db import connection

from licensing import (
    clock,
    denials,
    devices,
    errors,
    history,
    invariants,
    partitions,
    sessions,
    stolen_keys,
)  # fmt: skip
from licensing.models import ClientSession, Denial
from licensing.models.sessions import EndReason
from tests.factories import (
    TESTER,
    ago,
    make_client,
    make_pool,
    make_session,
    make_single_user,
    move_back,
)  # fmt: skip

pytestmark = pytest.mark.django_db

LONG_AGO = dt.timedelta(days=31)


def old_session(key, end=None, **details):
    """A session that ended long ago, and is history; closed unless otherwise said."""
    session = make_session(key, make_client(**details))
    (end or (lambda session: sessions.close(session.pk)))(session)
    move_back(session, LONG_AGO)
    assert history.move() == 1
    return session


def reclaim(session):
    ClientSession.objects.filter(pk=session.pk).update(reclaim_at=session.started_at)
    assert sessions.reclaim_stale() == 1


def release(session):
    assert sessions.release(session, by=TESTER)


def as_it_is(session):
    return ClientSession.every.get(pk=session.pk)


def is_history(session):
    found = {
        ClientSession.objects.filter(pk=session.pk).exists(),
        ClientSession.every.filter(pk=session.pk).count(),
    }
    return found == {False, 1}


class TestMoving:
    def test_takes_what_ended_long_ago_as_it_was(self, monkeypatch):
        monkeypatch.setattr(history, "BATCH", 1)
        pool = make_pool(4)
        old, older, of_late, goes_on = (make_session(pool) for _ in range(4))
        for session, days in ((old, 31), (older, 80), (of_late, 29)):
            sessions.close(session.pk)
            move_back(session, dt.timedelta(days=days))
        before = sorted(map(str, ClientSession.objects.values_list()))

        assert history.move() == 2
        assert set(ClientSession.objects.all()) == {of_late, goes_on}
        assert sorted(map(str, ClientSession.every.values_list())) == before
        assert history.move() == 0
        assert invariants.broken() == []

    def test_takes_denials_of_long_ago_with_those_of_no_account(self, pool):
        denials.record(pool, make_client(), errors.KeyRevoked())
        denials.record(None, make_client(), errors.KeyInvalid())
        Denial.objects.update(first_at=ago(days=31), last_at=ago(days=31))
        denials.record(pool, make_client(), errors.KeyRevoked())
        before = set(Denial.objects.values_list())

        assert history.move() == 2
        assert Denial.objects.count() == 1
        assert set(Denial.every.values_list()) == before
        assert invariants.broken() == []

    def test_makes_months_ahead(self):
        history.move()

        last = partitions.existing(history.SESSIONS.table)[-1]
        assert partitions.ends(last) > clock.database_time() + history.AHEAD

    def test_the_tables_have_the_same_columns(self):
        def columns(table):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {table} LIMIT 0")
                return [(column.name, column.type_code) for column in cursor.description]

        for past in (history.SESSIONS, history.DENIALS):
            live = past.model._meta.db_table
            view = past.model.every.all().query.get_initial_alias()
            assert columns(past.table) == columns(live) == columns(view)


def test_what_is_in_both_places_is_found(pool):
    session = old_session(pool)
    denials.record(pool, make_client(), errors.KeyRevoked())
    Denial.objects.update(last_at=ago(days=31))
    history.move_all(history.DENIALS)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO licensing_clientsession TABLE licensing_endedsession")
        cursor.execute("INSERT INTO licensing_denial TABLE licensing_olddenial")

    assert invariants.broken()[:2] == [
        f"Session {session.pk} is history and beside what goes on at once.",
        f"Denial {Denial.objects.get().pk} is history and among those of late at once.",
    ]


class TestDropping:
    def test_drops_a_month_when_all_of_it_is_over(self, settings, pool):
        settings.KEEP_HISTORY_DAYS = 60
        kept, gone = make_session(pool), make_session(pool)
        for session, days in ((kept, 59), (gone, 60 + 31)):
            sessions.close(session.pk)
            move_back(session, dt.timedelta(days=days))
        history.move()

        history.prune()

        assert set(ClientSession.every.all()) == {kept}
        oldest = clock.database_time() - dt.timedelta(days=60)
        for past in (history.SESSIONS, history.DENIALS):
            assert partitions.ends(partitions.existing(past.table)[0]) > oldest


class TestAProgramThatIsBack:
    """After weeks it is answered as if its session had never moved."""

    def test_takes_its_seat_again(self, pool):
        session = old_session(pool, reclaim)

        assert sessions.refresh(session.pk).session_id == session.pk
        assert ClientSession.objects.active().get() == session
        assert invariants.broken() == []

    def test_is_told_that_the_pool_is_full(self):
        pool = make_pool(1)
        session = old_session(pool, reclaim)
        make_session(pool)

        with pytest.raises(errors.PoolExhausted):
            sessions.refresh(session.pk)

    def test_is_told_how_its_session_ended(self, pool):
        released, closed = old_session(pool, release), old_session(pool)

        with pytest.raises(errors.SessionReleased):
            sessions.refresh(released.pk)
        with pytest.raises(errors.SessionEnded):
            sessions.refresh(closed.pk)

    def test_takes_no_seat_with_a_key_whose_sessions_were_ended(self, pool):
        session = old_session(pool, reclaim)
        stolen_keys.end_sessions(pool, by=TESTER)

        with pytest.raises(errors.SessionEnded) as refusal:
            sessions.refresh(session.pk)
        assert refusal.value.extra["reason"] == EndReason.KEY_REVOKED

    @pytest.mark.parametrize("by_key", [False, True])
    def test_closes_a_reclaimed_session(self, pool, by_key):
        session = old_session(pool, reclaim)

        if by_key:
            sessions.close_of(pool.licence, session.pk)
        else:
            sessions.close(session.pk)

        assert as_it_is(session).end_reason == EndReason.CLOSED

    def test_closes_a_released_session(self, pool):
        session = old_session(pool, release)

        sessions.close(session.pk)

        assert as_it_is(session).closed_at is not None

    def test_does_not_close_what_was_heard_of_since(self, pool):
        session = old_session(pool, reclaim)

        sessions.close(session.pk, ended_at=session.started_at - dt.timedelta(days=90))

        assert as_it_is(session).end_reason == EndReason.RECLAIMED

    def test_closes_nothing_that_there_never_was(self):
        with pytest.raises(errors.SessionUnknown):
            sessions.close(uuid.uuid4())

    @pytest.mark.parametrize(
        ("make", "is_full"), [(make_pool, False), (make_pool, True), (make_single_user, False)]
    )
    def test_does_not_open_its_id_again(self, make, is_full):
        key, client = make(1), make_client()
        session = make_session(key, client)
        sessions.close(session.pk)
        move_back(session, LONG_AGO)
        history.move()
        if is_full:
            make_session(key)

        with pytest.raises(errors.SessionEnded):
            sessions.check_out_with_key(
                key.serial_number, key.plain, dataclasses.replace(client, session_id=session.pk)
            )

    def test_moves_its_licence(self, single_user):
        session = old_session(single_user)

        devices.move(session.pk)

        assert not single_user.licence.devices.bound().exists()


class TestUndoing:
    def test_is_too_late(self, pool):
        session = old_session(pool, release)

        with pytest.raises(errors.TooLateToUndo):
            sessions.undo_release(session, by=TESTER)


def id_of(moment):
    """A UUIDv7 made at this moment."""
    milliseconds = int(moment * 1000) << 80
    return uuid.UUID(int=milliseconds | 7 << 76 | 2 << 62 | uuid.uuid4().int & 0xFFFF)


class TestAnIdThatTellsItsTime:
    @pytest.mark.parametrize(
        ("days_ago", "is_of_late"), [(0, True), (28, True), (30, False), (-2, False)]
    )
    def test_is_not_looked_for_while_it_is_young(self, days_ago, is_of_late):
        session_id = id_of(time.time() - days_ago * 86400)

        assert history.is_of_late(session_id) == is_of_late

    def test_is_looked_for_where_it_tells_none(self):
        assert not history.is_of_late(uuid.uuid4())
