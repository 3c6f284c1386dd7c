"""A client may make its session's id itself, so that a lost answer is no lost seat."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid

import pytest

from licensing import errors, pools, sessions
from licensing.models import ClientSession, Denial
from tests.factories import TESTER, make_client, make_pool, make_single_user

pytestmark = pytest.mark.django_db

BOTH_KINDS = pytest.mark.parametrize("make", [make_pool, make_single_user])


def with_own_id(client=None, own=None):
    return dataclasses.replace(client or make_client(), session_id=own or uuid.uuid4())


def check_out(key, client):
    return sessions.check_out_with_key(key.serial_number, key.plain, client)


def reclaim(session):
    ClientSession.objects.filter(pk=session.pk).update(reclaim_at=session.started_at)
    sessions.reclaim_stale()


def ended(key, client, end):
    """A session of an own id that has ended in this way."""
    grant, _ = check_out(key, client)
    end(ClientSession.objects.get(pk=grant.session_id))


@BOTH_KINDS
def test_a_new_session_takes_it_as_its_id(make):
    client = with_own_id()

    grant, created = check_out(make(2), client)

    assert (grant.session_id, created) == (client.session_id, True)


@BOTH_KINDS
def test_the_same_again_is_the_same_session(make):
    key, client = make(2), with_own_id()
    check_out(key, client)

    grant, created = check_out(key, client)

    assert (grant.session_id, created) == (client.session_id, False)
    assert pools.in_use(key.licence) == 1


@BOTH_KINDS
def test_whoever_holds_a_seat_keeps_the_session_whatever_id_is_told(make):
    key, client = make(2), make_client()
    first, _ = check_out(key, client)

    grant, created = check_out(key, with_own_id(client))

    assert (grant.session_id, created) == (first.session_id, False)


@BOTH_KINDS
@pytest.mark.parametrize(
    ("end", "error", "extra"),
    [
        (lambda session: sessions.close(session.pk), errors.SessionEnded, {"reason": "closed"}),
        (reclaim, errors.SessionEnded, {"reason": "reclaimed"}),
        (lambda session: sessions.release(session, by=TESTER), errors.SessionReleased, {}),
    ],
    ids=["closed", "reclaimed", "released"],
)
def test_one_whose_session_is_over_opens_no_other(make, end, error, extra):
    key, client = make(2), with_own_id()
    ended(key, client, end)

    with pytest.raises(error) as refused:
        check_out(key, client)

    assert extra.items() <= refused.value.extra.items()
    assert pools.in_use(key.licence) == 0


@BOTH_KINDS
@pytest.mark.parametrize("is_over", [False, True])
def test_another_persons_is_refused_without_a_word_about_whose(make, is_over):
    own = uuid.uuid4()
    other_key, key = make(2), make(2)
    grant, _ = check_out(other_key, with_own_id(own=own))
    if is_over:
        sessions.close(grant.session_id)

    with pytest.raises(errors.RequestInvalid) as refused:
        check_out(key, with_own_id(own=own))

    assert refused.value.extra == {
        "errors": [{"pointer": "/session_id", "detail": "This id is in use. Make another id."}]
    }


def test_one_of_another_licence_is_another_persons_too():
    client = with_own_id()
    check_out(make_pool(1), client)

    with pytest.raises(errors.RequestInvalid):
        check_out(make_pool(1), client)


def test_an_id_alone_is_no_refusal_of_a_seat(pool):
    client = with_own_id()
    ended(pool, client, lambda session: sessions.close(session.pk))

    with pytest.raises(errors.SessionEnded):
        check_out(pool, client)

    assert not Denial.objects.exists()


@BOTH_KINDS
def test_an_id_that_is_over_is_told_where_no_seat_is_left_too(make):
    key, client = make(1), with_own_id()
    ended(key, client, lambda session: sessions.close(session.pk))
    check_out(key, make_client(machine_name=client.machine_name))

    for _ in range(2):  # a pool is known to be full from the second time on
        with pytest.raises(errors.SessionEnded):
            check_out(key, client)


def closed_before_it_came(key, features):
    """A client whose own id was closed by the key before its check-out arrived."""
    client = dataclasses.replace(with_own_id(), features=features)
    sessions.close_of(key.licence, client.session_id)
    return client


ALL_WAYS_IN = pytest.mark.parametrize(
    ("make", "order", "features"),
    [
        (make_pool, {}, ()),
        (make_pool, {"features": ["4d:1"]}, ("4d",)),
        (make_single_user, {}, ()),
    ],
    ids=["pool", "limited feature", "single-user"],
)


@ALL_WAYS_IN
def test_an_id_that_was_closed_before_it_came_takes_nothing(make, order, features):
    key = make(1, **order)
    client = closed_before_it_came(key, features)

    with pytest.raises(errors.SessionEnded):
        check_out(key, client)

    _, created = check_out(key, dataclasses.replace(client, session_id=uuid.uuid4()))
    assert created


@ALL_WAYS_IN
def test_an_id_that_was_closed_before_it_came_is_told_where_no_seat_is_left_too(
    make, order, features
):
    key = make(1, **order)
    client = closed_before_it_came(key, features)
    check_out(key, make_client(machine_name=client.machine_name))

    for _ in range(2):
        with pytest.raises(errors.SessionEnded):
            check_out(key, client)
        with pytest.raises(errors.PoolExhausted):  # from now on the pool is known to be full
            check_out(key, make_client(machine_name=client.machine_name))


def test_costs_no_statement_more(pool, django_assert_num_queries):
    client = with_own_id()

    with django_assert_num_queries(0):
        check_out(pool, client)


def test_one_with_limited_features_leaves_none_of_them_taken():
    key = make_pool(2, features=["4d:1"])
    client = dataclasses.replace(with_own_id(), features=("4d",))
    ended(key, client, lambda session: sessions.close(session.pk))
    with pytest.raises(errors.SessionEnded):
        check_out(key, client)

    _, created = check_out(key, dataclasses.replace(client, session_id=uuid.uuid4()))

    assert created


def test_after_its_end_another_id_opens_the_next_session(pool):
    client = make_client()
    first, _ = check_out(pool, with_own_id(client))
    sessions.close(first.session_id)

    second, created = check_out(pool, with_own_id(client))

    assert created
    assert second.session_id != first.session_id
    assert second.server_time - first.server_time < dt.timedelta(minutes=1)
