"""What a licence includes is changed while people use it, and while they leave."""

from __future__ import annotations

import threading
import time
from functools import partial

import pytest
from django.db.models import QuerySet

from licensing import included, invariants, sessions
from licensing.models import Feature, FeatureSeat, Hold
from tests.factories import TESTER, make_client, make_pool, make_session
from tests.licensing.races.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def planner():
    return make_client(features=("4d",))


def limit(key, seats):
    return included.put(key.licence, Feature.objects.get(code="4d"), seats=seats, by=TESTER)


def take_away(key):
    return included.remove(key.licence, Feature.objects.get(code="4d"), by=TESTER)


def held() -> int:
    return FeatureSeat.objects.filter(session__isnull=False).count()


def test_a_limit_lowered_against_check_outs_is_never_passed():
    key = make_pool(12, features=["4d:6"])
    for _ in range(3):
        make_session(key, planner())

    calls = [partial(sessions.check_out, key, planner()) for _ in range(8)]
    calls.insert(4, partial(limit, key, 4))
    at_once(*calls)

    assert held() <= 6
    assert invariants.broken() == []
    with pytest.raises(Exception, match="in use"):
        sessions.check_out(key, planner())


def test_a_feature_taken_away_against_check_outs_is_held_by_nobody():
    key = make_pool(12, features=["4d:6"])

    calls = [partial(sessions.check_out, key, planner()) for _ in range(8)]
    calls.insert(4, partial(take_away, key))
    outcomes = at_once(*calls)

    granted = [outcome[0] for outcome in outcomes if isinstance(outcome, tuple)]
    assert all(grant.features == ["4d"] for grant in granted)
    assert FeatureSeat.objects.count() == 0
    assert Hold.objects.count() == len(granted)
    assert invariants.broken() == []


def change_slowly(monkeypatch, features, change):
    """Change what a licence includes; its three people leave when it is settled who has what,
    and have time before that is written."""
    key = make_pool(4, features=features)
    people = [make_session(key, planner()) for _ in range(3)]
    settled, write = threading.Event(), QuerySet.bulk_create

    def write_later(rows, *what, **options):
        if not settled.is_set():
            settled.set()
            time.sleep(0.3)
        return write(rows, *what, **options)

    def leave(session):
        settled.wait(5)
        return sessions.close(session.pk)

    monkeypatch.setattr(QuerySet, "bulk_create", write_later)
    at_once(partial(change, key), *(partial(leave, session) for session in people))


def without_locks(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)


def test_who_leaves_as_a_feature_is_taken_away_has_held_it_once(monkeypatch):
    change_slowly(monkeypatch, ["4d:3"], take_away)

    assert Hold.objects.count() == 3
    assert invariants.broken() == []


def test_control_without_locks_one_hold_is_counted_twice(monkeypatch):
    without_locks(monkeypatch)

    change_slowly(monkeypatch, ["4d:3"], take_away)

    assert Hold.objects.count() > 3


def test_who_leaves_as_a_feature_is_limited_holds_nothing(monkeypatch):
    change_slowly(monkeypatch, ["4d"], partial(limit, seats=2))

    assert held() == 0
    assert invariants.broken() == []


def test_control_without_locks_who_has_left_holds_it(monkeypatch):
    without_locks(monkeypatch)

    change_slowly(monkeypatch, ["4d"], partial(limit, seats=2))

    assert any("has ended but holds a seat of feature" in told for told in invariants.broken())
