"""A refresh renews the grace period, and revives nothing that is over."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from licensing import errors, keys, pools, sessions
from licensing.models import ClientSession
from licensing.models.sessions import EndReason
from tests.factories import TESTER, days_from_today, make_client, make_pool, make_session

pytestmark = pytest.mark.django_db


def test_renews_the_grace_period(pool):
    session = make_session(pool, refreshed=dt.timedelta(hours=3))

    grant = sessions.refresh(session.pk)

    assert grant.grace_until - session.grace_until >= dt.timedelta(hours=3)


def test_notes_a_new_version(pool):
    session = make_session(pool)

    sessions.refresh(session.pk, version="17.0.1")

    session.refresh_from_db()
    assert session.version == "17.0.1"


def test_costs_its_own_statement_and_no_other(pool, django_assert_num_queries):
    session = make_session(pool)

    with django_assert_num_queries(0):
        sessions.refresh(session.pk)


def test_late_but_nobody_wanted_the_seat_goes_on(pool):
    session = make_session(pool, refreshed=dt.timedelta(days=9))

    grant = sessions.refresh(session.pk)

    assert grant.session_id == session.pk


def test_after_reclaim_takes_a_free_seat_again(pool):
    session = make_session(pool, refreshed=dt.timedelta(hours=49))
    sessions.reclaim_stale()

    grant = sessions.refresh(session.pk)

    session.refresh_from_db()
    assert grant.session_id == session.pk
    assert session.seat
    assert session.ended_at is None


def test_late_never_makes_one_more_than_the_limit(pool):
    late = make_session(pool, refreshed=dt.timedelta(hours=49))
    make_session(pool)
    make_session(pool)

    with pytest.raises(errors.PoolExhausted):
        sessions.refresh(late.pk)

    assert pools.in_use(pool.licence) == 2


def test_after_reclaim_and_a_new_check_out_the_old_session_is_over(pool):
    client = make_client()
    old = make_session(pool, client, refreshed=dt.timedelta(hours=49))
    sessions.reclaim_stale()
    make_session(pool, client)

    with pytest.raises(errors.SessionEnded) as over:
        sessions.refresh(old.pk)

    old.refresh_from_db()
    assert over.value.extra == {"reason": EndReason.RECLAIMED, "ended_at": old.ended_at}


def test_a_released_session_is_told_so(pool):
    session = make_session(pool)
    sessions.release(session, by=TESTER)

    with pytest.raises(errors.SessionReleased) as told:
        sessions.refresh(session.pk)

    session.refresh_from_db()
    assert told.value.extra == {"ended_at": session.ended_at}


def test_a_closed_session_stays_closed(pool):
    session = make_session(pool)
    sessions.close(session.pk)

    with pytest.raises(errors.SessionEnded) as over:
        sessions.refresh(session.pk)

    session.refresh_from_db()
    assert over.value.extra == {"reason": EndReason.CLOSED, "ended_at": session.ended_at}
    assert ClientSession.objects.active().count() == 0


def test_a_session_that_never_existed_is_unknown(db):
    with pytest.raises(errors.SessionUnknown):
        sessions.refresh(uuid.uuid4())


def test_a_suspended_licence_refuses_and_leaves_the_session(pool):
    session = make_session(pool)
    type(pool.licence).objects.update(state="suspended")

    with pytest.raises(errors.LicenceSuspended):
        sessions.refresh(session.pk)

    assert ClientSession.objects.active().count() == 1


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"state": "closed"}, errors.LicenceClosed),
        ({"ends_on": days_from_today(-2)}, errors.LicenceExpired),
    ],
)
def test_a_licence_that_is_over_takes_its_seat_back(pool, change, refusal):
    session = make_session(pool)
    type(pool.licence).objects.update(**change)

    for _ in range(2):
        with pytest.raises(refusal):
            sessions.refresh(session.pk)

    session.refresh_from_db()
    assert session.end_reason == EndReason.LICENCE_ENDED
    assert pools.in_use(pool.licence) == 0


def test_a_revoked_key_lets_open_sessions_go_on(pool):
    session = make_session(pool)
    keys.revoke(pool, by=TESTER)

    grant = sessions.refresh(session.pk)

    assert grant.session_id == session.pk


def test_a_reclaimed_session_of_a_suspended_licence_is_not_revived():
    key = make_pool(1)
    session = make_session(key, refreshed=dt.timedelta(hours=49))
    sessions.reclaim_stale()
    type(key.licence).objects.update(state="suspended")

    with pytest.raises(errors.LicenceSuspended):
        sessions.refresh(session.pk)
