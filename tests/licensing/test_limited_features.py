"""Features that fewer people may use at once than the licence has seats."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import errors, pools, sessions
from licensing.models import ClientSession, FeatureSeat
from tests.factories import make_client, make_pool, make_session, make_single_user, move_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool():
    """Three seats with BIM, one of them with 4D."""
    return make_pool(3, features=["bim", "4d:1"])


def held_features() -> int:
    return FeatureSeat.objects.filter(session__isnull=False).count()


def planner():
    return make_client(features=("bim", "4d"))


def test_are_granted_to_those_who_ask(pool):
    with_4d, _ = sessions.check_out(pool, planner())
    without, _ = sessions.check_out(pool, make_client(features=("bim",)))

    assert (with_4d.features, without.features) == (["4d", "bim"], ["bim"])


def test_are_taken_with_the_seat_or_not_at_all(pool):
    held = make_session(pool, planner())

    with pytest.raises(errors.PoolExhausted) as refusal:
        sessions.check_out(pool, planner())

    assert refusal.value.extra == {
        "scope": "feature",
        "features": ["4d"],
        "seats": 1,
        "in_use": 1,
        "next_reclaim_at": held.reclaim_at,
    }
    assert pools.in_use(pool.licence) == 1
    assert ClientSession.objects.count() == 1


def test_come_back_with_the_seat(pool):
    sessions.close(make_session(pool, planner()).pk)

    assert held_features() == 0
    assert make_session(pool, planner())


def test_come_back_when_the_seat_is_reclaimed(pool):
    make_session(pool, planner(), refreshed=dt.timedelta(hours=49))

    sessions.reclaim_stale()

    assert held_features() == 0


def test_can_be_had_later_by_asking_again(pool):
    client = {"machine_name": "CAD-1", "username": "anna"}
    first = make_session(pool, make_client(**client))

    grant, created = sessions.check_out(pool, make_client(**client, features=("4d",)))

    assert (grant.session_id, created, grant.features) == (first.pk, False, ["4d", "bim"])


def test_had_later_return_with_a_reclaimed_session_too(pool):
    client = {"machine_name": "CAD-1", "username": "anna"}
    session = make_session(pool, make_client(**client))
    sessions.check_out(pool, make_client(**client, features=("4d",)))
    move_back(session, dt.timedelta(hours=49))
    sessions.reclaim_stale()

    assert sessions.refresh(session.pk).features == ["4d", "bim"]


def test_a_stale_session_gives_back_its_feature_though_the_pool_has_room(pool):
    make_session(pool, planner(), refreshed=dt.timedelta(hours=49))

    grant, _ = sessions.check_out(pool, planner())

    assert grant.features == ["4d", "bim"]


def test_refused_later_the_seat_stays(pool):
    make_session(pool, planner())
    client = {"machine_name": "CAD-1", "username": "anna"}
    first = make_session(pool, make_client(**client))

    with pytest.raises(errors.PoolExhausted):
        sessions.check_out(pool, make_client(**client, features=("4d",)))

    assert sessions.refresh(first.pk).features == ["bim"]


def test_are_kept_by_a_refresh(pool):
    session = make_session(pool, planner())

    assert sessions.refresh(session.pk).features == ["4d", "bim"]


def test_return_with_a_reclaimed_session_or_it_does_not_return(pool):
    session = make_session(pool, planner(), refreshed=dt.timedelta(hours=49))
    sessions.reclaim_stale()
    other = make_session(pool, planner())

    with pytest.raises(errors.PoolExhausted):
        sessions.refresh(session.pk)
    assert pools.in_use(pool.licence) == 1

    sessions.close(other.pk)
    assert sessions.refresh(session.pk).features == ["4d", "bim"]


def test_single_user_licences_may_have_them_too():
    key = make_single_user(2, features=["4d:1"])
    make_session(key, make_client(features=("4d",)))

    with pytest.raises(errors.PoolExhausted):
        sessions.check_out(key, make_client(features=("4d",)))
