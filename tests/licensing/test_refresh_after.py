"""How often a program is asked to refresh: so often that one late refresh costs nobody a seat."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext

import pytest

from licensing import devices, errors, leases, licences, sessions
from licensing.hot import fetch_value
from licensing.licences import OfflinePolicy
from licensing.models import ClientSession, intervals
from tests.factories import TESTER, make_client, make_pool, make_session, make_single_user
from tests.licensing.claims import verify

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
EXAMPLES = [
    (48 * HOUR, 48 * HOUR, 300),
    (30 * 24 * HOUR, None, 300),
    (15 * MINUTE, 15 * MINUTE, 300),
    (48 * HOUR, 2 * MINUTE, 40),
    (2 * MINUTE, 48 * HOUR, 40),
    (2 * MINUTE, None, 40),
    (15 * MINUTE - SECOND, 48 * HOUR, 299),
    (15 * MINUTE - dt.timedelta(microseconds=1), 48 * HOUR, 299),
    (4 * SECOND, 5 * SECOND, 1),
    (SECOND, SECOND, 1),
    (dt.timedelta(milliseconds=200), None, 1),
]


@pytest.mark.parametrize(("grace", "reclaim", "seconds"), EXAMPLES)
def test_is_a_third_of_the_shorter_duration_at_most(grace, reclaim, seconds):
    key = make_pool(1, policy=OfflinePolicy(grace, reclaim))

    grant, _ = sessions.check_out(key, make_client())
    again = sessions.refresh(grant.session_id)

    assert grant.refresh_after == again.refresh_after == seconds
    assert verify(leases.sign(grant))["refresh_after"] == seconds
    assert key.licence.refresh_after == seconds * SECOND


@pytest.mark.parametrize(("grace", "reclaim", "seconds"), EXAMPLES)
def test_is_the_same_in_python_and_in_sql(grace, reclaim, seconds):
    durations = "%(grace)s::interval, %(reclaim)s::interval"
    sql = f"SELECT {intervals.seconds(durations)}::int"

    assert fetch_value(sql, {"grace": grace, "reclaim": reclaim}) == seconds
    assert intervals.refresh_after(grace, reclaim) == seconds * SECOND


def test_changes_with_the_policy_at_the_next_refresh(pool):
    session = make_session(pool)
    licences.set_policy(pool.licence, OfflinePolicy(48 * HOUR, 6 * MINUTE), by=TESTER)

    assert sessions.refresh(session.pk).refresh_after == 120


@pytest.mark.parametrize(
    ("refreshed", "state"),
    [(50, "active"), (70, "quiet"), (110, "quiet"), (130, "offline"), (601, "held")],
)
def test_states_go_by_the_licences_own_interval(refreshed, state):
    key = make_pool(1, policy=OfflinePolicy(10 * MINUTE, 2 * MINUTE))
    make_session(key, refreshed=refreshed * SECOND)

    assert ClientSession.objects.with_state().get().state == state


def test_a_device_goes_to_its_next_user_after_three_of_its_licences_intervals():
    key = make_single_user(policy=OfflinePolicy(2 * MINUTE, None))
    client = make_client()
    make_session(key, client, refreshed=121 * SECOND)

    _, created = devices.check_out(key, make_client(machine_name=client.machine_name))

    assert created


@pytest.mark.parametrize(("silent", "makes_way"), [(50, False), (70, True)])
def test_a_persons_silent_session_makes_way_after_one_and_a_half_of_them(silent, makes_way):
    key = make_pool(1, policy=OfflinePolicy(10 * MINUTE, 2 * MINUTE))
    person = {"machine_name": "CTX", "username": "ACME\\anna"}
    before = make_session(key, make_client(**person, os_session="3"), refreshed=silent * SECOND)

    with nullcontext() if makes_way else pytest.raises(errors.PoolExhausted):
        sessions.check_out(key, make_client(**person, os_session="4"))

    before.refresh_from_db()
    assert before.end_reason == ("replaced" if makes_way else "")
