"""A licence is freed when the user closes the program with a connection (FAQ)."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from licensing import errors, pools, sessions
from licensing.models.sessions import EndReason
from tests.factories import make_client, make_session

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [
        (dt.timedelta(hours=9), "refreshed_at"),
        (dt.timedelta(hours=-9), "now"),
    ],
)
def test_time_is_kept_between_the_last_refresh_and_now(pool, claimed, kept):
    session = make_session(pool, refreshed=dt.timedelta(hours=5))

    sessions.close(session.pk, ended_at=timezone.now() - claimed)

    session.refresh_from_db()
    expected = session.refreshed_at if kept == "refreshed_at" else timezone.now()
    assert abs(session.ended_at - expected) < dt.timedelta(minutes=1)


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
