"""Limited features that more people want than there are."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection

from licensing import features, invariants, pool_statements, pools, sessions, statements
from licensing.models import ClientSession, FeatureSeat, Licence
from tests.factories import TESTER, make_client, make_pool, make_session
from tests.licensing.faults import changed
from tests.licensing.races.together import at_once, held_seats, once_one_sleeps

pytestmark = pytest.mark.django_db(transaction=True)


def race_for_a_feature():
    """Ten planners want the three seats of 4D in a pool with room for all of them."""
    key = make_pool(10, features=["4d:3"])
    calls = [partial(sessions.check_out, key, make_client(features=("4d",))) for _ in range(10)]
    outcomes = at_once(*calls)
    return key, [outcome for outcome in outcomes if isinstance(outcome, tuple)]


def test_three_seats_of_a_feature_go_to_three():
    key, granted = race_for_a_feature()

    assert len(granted) == held_seats(key) == 3
    assert FeatureSeat.objects.filter(session__isnull=False).count() == 3


def test_control_without_the_lock_a_feature_is_promised_to_more(monkeypatch):
    monkeypatch.setattr(pools, "lock", lambda licence_id: Licence.objects.get(pk=licence_id))
    slow = "AND pg_sleep(0.05) IS NOT NULL LIMIT 1"
    monkeypatch.setattr(
        features, "TAKE_FEATURE", changed(pool_statements.TAKE_FEATURE, "LIMIT 1", slow)
    )

    key, granted = race_for_a_feature()

    assert len(granted) > FeatureSeat.objects.filter(session__isnull=False).count()
    assert held_seats(key) > 3


def test_a_feature_whose_holders_leave_is_never_held_by_more_than_its_limit():
    key = make_pool(12, features=["4d:3"])
    holders = [make_session(key, make_client(features=("4d",))) for _ in range(3)]

    leave = [partial(sessions.close, holders[0].pk), partial(sessions.close, holders[1].pk)]
    leave.append(partial(sessions.release, holders[2], by=TESTER))
    at_once(
        *leave,
        *(partial(sessions.check_out, key, make_client(features=("4d",))) for _ in range(9)),
    )

    taken = FeatureSeat.objects.filter(session__isnull=False)
    assert taken.count() == ClientSession.objects.active().count() <= 3
    assert invariants.broken() == []


def test_two_windows_that_want_different_features_share_one_session():
    key = make_pool(4, features=["4d:2", "risk:2"])
    names = {"machine_name": "CAD-1", "username": "ACME\\anna"}

    wanted = [("4d",), ("risk",), ("4d", "risk"), ("risk", "4d")]
    calls = [partial(sessions.check_out, key, make_client(features=f, **names)) for f in wanted]
    at_once(*calls)

    assert ClientSession.objects.count() == 1
    assert FeatureSeat.objects.filter(session__isnull=False).count() == 2


SLOW = changed(pool_statements.TAKE_FEATURE, "LIMIT 1", "AND pg_sleep(0.3) IS NOT NULL LIMIT 1")
BY_ITSELF = changed(
    statements.GIVE_BACK,
    "), freed AS (",
    """), features AS (
        UPDATE licensing_featureseat feature_seat SET session_id = NULL
        FROM ended WHERE feature_seat.session_id = ended.id
    ), freed AS (""",
)


def features_left_after_a_release(monkeypatch):
    """How many features an ended session holds that took one while it was released."""
    names = {"machine_name": "CAD-1", "username": "ACME\\anna"}
    key = make_pool(4, features=["4d:2"])
    session = make_session(key, make_client(**names))
    monkeypatch.setattr(features, "TAKE_FEATURE", SLOW)
    outcomes = at_once(
        partial(sessions.check_out, key, make_client(features=("4d",), **names)),
        once_one_sleeps(partial(sessions.release, session, by=TESTER)),
    )

    assert outcomes[1] is True
    return FeatureSeat.objects.filter(session__isnull=False).count()


def test_a_session_that_is_released_while_it_takes_a_feature_keeps_none(monkeypatch):
    assert features_left_after_a_release(monkeypatch) == 0
    assert invariants.broken() == []


def test_control_the_statement_that_ends_the_session_does_not_see_the_feature(monkeypatch):
    monkeypatch.setattr(pools, "GIVE_BACK", BY_ITSELF)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE licensing_clientsession DISABLE TRIGGER USER")
    try:
        assert features_left_after_a_release(monkeypatch) == 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE licensing_clientsession ENABLE TRIGGER USER")
