"""A pool that was full a moment ago, asked by many at once, whose statements share a commit."""

from __future__ import annotations

from functools import partial

import pytest

from licensing import denials, errors, full_pools, sessions
from licensing.models import Denial
from tests.factories import make_client, make_pool, make_session
from tests.licensing.races.together import at_once, carried_by_one, held_seats

pytestmark = pytest.mark.django_db(transaction=True)


def full_pool(seats):
    """Its key; it has just refused somebody."""
    key = make_pool(seats)
    for n in range(seats):
        make_session(key, make_client(machine_name=f"IN-{n}"))
    assert isinstance(*at_once(asking(key, "first")), errors.PoolExhausted)
    assert key.serial_number in full_pools.full
    return key


def asking(key, username):
    client = make_client(machine_name="CAD-1", username=username)
    return partial(sessions.check_out_with_key, key.serial_number, key.plain, client)


def test_seats_that_came_back_all_go_to_somebody():
    key = full_pool(6)
    for session in key.sessions.active()[:3]:
        sessions.close(session.pk)

    outcomes = at_once(*(asking(key, f"u{n}") for n in range(10)))

    refusals = [outcome for outcome in outcomes if isinstance(outcome, errors.PoolExhausted)]
    assert (len(outcomes) - len(refusals), held_seats(key)) == (3, 6)
    assert Denial.objects.filter(username__startswith="u").count() == len(refusals) == 7


def test_refusals_that_share_a_commit_are_each_counted(monkeypatch):
    key = full_pool(1)
    monkeypatch.setattr(denials, "MOST_NAMED", 1)

    outcomes = carried_by_one(*(asking(key, n) for n in "abbcd"))

    assert [outcome.code for outcome in outcomes] == ["pool_exhausted"] * 5
    assert dict(Denial.objects.values_list("username", "count")) == {"first": 1, "*": 5}
