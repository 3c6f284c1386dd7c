"""Features are added to a licence, limited in another way, and taken away; nobody is thrown out."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import errors, included, invariants, sessions
from licensing.models import AuditEntry, Feature, FeatureSeat, Hold, LimitChange
from licensing.usage.groups import Grouping, use_of_groups
from licensing.usage.values import HOUR, Span
from tests.factories import TESTER, make_client, make_pool, make_session, move_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool():
    """Four seats with BIM."""
    return make_pool(4, features=["bim"])


def put(key, code, seats=None):
    return included.put(key.licence, feature(code), seats=seats, by=TESTER, reason="Order 4711")


def feature(code):
    return Feature.objects.get(product__code="asta-powerproject", code=code)


def planner():
    return make_client(features=("4d",))


def gets_it(key) -> bool:
    try:
        sessions.check_out(key, planner())
    except errors.PoolExhausted:
        return False
    return True


def held() -> int:
    return FeatureSeat.objects.filter(session__isnull=False).count()


def test_an_open_program_has_a_new_feature_at_its_next_refresh(pool):
    session = make_session(pool)

    put(pool, "4d")

    assert sessions.refresh(session.pk).features == ["4d", "bim"]


def test_a_new_feature_with_a_limit_is_for_so_many_who_ask(pool):
    session = make_session(pool)

    put(pool, "4d", 1)

    assert sessions.refresh(session.pk).features == ["bim"]
    assert [gets_it(pool), gets_it(pool)] == [True, False]


def test_a_higher_limit_lets_more_people_have_it():
    key = make_pool(4, features=["4d:1"])
    make_session(key, planner())

    put(key, "4d", 2)

    assert [gets_it(key), gets_it(key)] == [True, False]


def test_a_lower_limit_drains():
    key = make_pool(9, features=["4d:4"])
    holders = [make_session(key, planner()) for _ in range(3)]

    put(key, "4d", 2)

    assert [sessions.refresh(session.pk).features for session in holders] == [["4d"]] * 3
    refused = []
    for session in holders:
        refused.append((held(), not gets_it(key)))
        sessions.close(session.pk)
    assert refused == [(3, True), (2, True), (1, False)]


def test_those_who_asked_keep_what_is_limited_from_now_on():
    key = make_pool(4, features=["4d"])
    at_work = [make_session(key, planner()) for _ in range(2)]
    other = make_session(key)

    put(key, "4d", 1)

    features = [sessions.refresh(session.pk).features for session in (*at_work, other)]
    assert features == [["4d"], ["4d"], []]
    assert not gets_it(key)
    assert invariants.broken() == []


def test_without_a_limit_everybody_has_it_and_what_was_held_is_kept():
    key = make_pool(4, features=["4d:1"])
    holder, other = make_session(key, planner()), make_session(key)

    put(key, "4d")

    assert sessions.refresh(other.pk).features == ["4d"]
    assert [hold.session for hold in Hold.objects.all()] == [holder.pk]
    assert FeatureSeat.objects.count() == 0


@pytest.mark.parametrize("limit", ["", ":2"])
def test_a_feature_that_is_taken_away_is_lost_at_the_next_refresh(limit):
    key = make_pool(4, features=[f"4d{limit}"])
    session = make_session(key, planner())

    included.remove(key.licence, feature("4d"), by=TESTER)

    assert sessions.refresh(session.pk).features == []
    with pytest.raises(errors.FeatureNotLicensed):
        sessions.check_out(key, planner())
    assert invariants.broken() == []


def test_a_reclaimed_session_returns_without_what_was_taken_away():
    key = make_pool(4, features=["4d:2"])
    session = make_session(key, planner())
    move_back(session, dt.timedelta(hours=49))
    sessions.reclaim_stale()

    included.remove(key.licence, feature("4d"), by=TESTER)

    assert sessions.refresh(session.pk).features == []


def test_use_of_a_feature_is_told_whatever_became_of_its_limit():
    """An hour each without a limit, with one, and taken away."""
    key = make_pool(4, features=["4d"])
    session = make_session(key, planner())
    now = session.started_at
    move_back(session, 3 * HOUR)
    put(key, "4d", 1)
    included.remove(key.licence, feature("4d"), by=TESTER)
    LimitChange.objects.filter(seats=None).update(since=now - 3 * HOUR)
    LimitChange.objects.filter(seats=1, feature__isnull=False).update(since=now - 2 * HOUR)
    LimitChange.objects.filter(seats=0).update(since=now - HOUR)
    Hold.objects.update(held_since=now - 2 * HOUR, held_until=now - HOUR)

    hours = {now - 4 * HOUR + n * HOUR: 1.0 for n in range(4)}
    spans = [Span(now - 4 * HOUR, now, now.date())]
    used = use_of_groups(Grouping.FEATURE, [key.licence], spans, hours)

    assert [(use.key, use.peak, round(use.seconds)) for use in used] == [("4d", 1, 7200)]


def test_what_was_done_is_recorded_with_both_limits(pool):
    put(pool, "4d", 2)
    put(pool, "4d", 3)
    included.remove(pool.licence, feature("4d"), by=TESTER, reason="Order 4712")

    entries = AuditEntry.objects.order_by("number").values_list("action", "reason", "details")
    of = {"feature": "4d", "name": feature("4d").name}
    assert list(entries)[-3:] == [
        ("feature_added", "Order 4711", of | {"seats": 2}),
        ("feature_limit_changed", "Order 4711", of | {"before": 2, "after": 3}),
        ("feature_removed", "Order 4712", of | {"seats": 3}),
    ]
    told = LimitChange.objects.filter(feature__code="4d").order_by("pk")
    assert list(told.values_list("seats", flat=True)) == [2, 3, 0]


def test_what_is_so_already_or_cannot_be_is_refused(pool):
    for wrong in (
        lambda: put(pool, "bim"),
        lambda: put(pool, "4d", 0),
        lambda: included.remove(pool.licence, feature("4d"), by=TESTER),
    ):
        with pytest.raises(errors.InvalidOperation):
            wrong()
