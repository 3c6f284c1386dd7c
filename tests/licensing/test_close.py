"""A licence is freed when the user closes the program with a connection (FAQ)."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from licensing import errors, licences, pools, sessions
from licensing.models import ClientSession, Seat
from licensing.models.sessions import EndReason
from tests.factories import TESTER, make_client, make_session

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def test_gives_the_seat_back_at_once(pool):
    make_session(pool)
    session = make_session(pool)

    sessions.close(session.pk)

    _, created = sessions.check_out(pool, make_client())
    assert created


def test_again_changes_nothing(pool):
    session = make_session(pool)
    sessions.close(session.pk)
    session.refresh_from_db()
    first = session.ended_at

    sessions.close(session.pk)

    session.refresh_from_db()
    assert session.ended_at == first


def test_of_a_session_that_never_existed_is_unknown(db):
    with pytest.raises(errors.SessionUnknown):
        sessions.close(uuid.uuid4())


def test_that_happened_offline_gets_its_own_time(pool):
    session = make_session(pool, refreshed=dt.timedelta(hours=5))
    closed = timezone.now() - dt.timedelta(hours=2)

    sessions.close(session.pk, ended_at=closed)

    session.refresh_from_db()
    assert session.ended_at == closed


def test_in_the_future_is_now(pool):
    session = make_session(pool, refreshed=HOUR)

    sessions.close(session.pk, ended_at=timezone.now() + 9 * HOUR)

    session.refresh_from_db()
    assert abs(session.ended_at - timezone.now()) < dt.timedelta(minutes=1)


def in_use(pool):
    return make_session(pool, refreshed=HOUR)


def draining(pool):
    session = make_session(pool, refreshed=HOUR)
    make_session(pool)
    licences.set_seats(pool.licence, 1, by=TESTER)
    return session


def reclaimed(pool):
    session = make_session(pool, refreshed=49 * HOUR)
    sessions.reclaim_stale()
    return session


def released(pool):
    session = make_session(pool, refreshed=HOUR)
    sessions.release(session, by=TESTER)
    return session


@pytest.mark.parametrize("made", [in_use, draining, reclaimed, released])
def test_from_before_the_session_was_last_heard_of_changes_nothing(pool, made):
    session = made(pool)
    before = everything()

    sessions.close(session.pk, ended_at=session.refreshed_at - dt.timedelta(seconds=1))

    assert everything() == before


@pytest.mark.parametrize("made", [in_use, draining, reclaimed, released])
def test_in_the_second_in_which_it_was_last_heard_of_counts(pool, made):
    session = made(pool)
    before = everything()

    sessions.close(session.pk, ended_at=session.refreshed_at.replace(microsecond=0))

    session.refresh_from_db()
    assert everything() != before
    assert session.ended_at >= session.refreshed_at


def everything():
    """Every session and every seat."""
    return list(ClientSession.objects.order_by("pk").values()), list(
        Seat.objects.order_by("pk").values()
    )


def test_of_a_reclaimed_session_keeps_it_from_coming_back(pool):
    session = make_session(pool, refreshed=dt.timedelta(hours=49))
    sessions.reclaim_stale()

    sessions.close(session.pk)

    with pytest.raises(errors.SessionEnded):
        sessions.refresh(session.pk)
    assert pools.in_use(pool.licence) == 0


def test_costs_its_own_statement_and_no_other(pool, django_assert_num_queries):
    session = make_session(pool)

    with django_assert_num_queries(0):
        sessions.close(session.pk)

    session.refresh_from_db()
    assert session.end_reason == EndReason.CLOSED
