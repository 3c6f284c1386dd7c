"""What pages call a session, derived at the database's time."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import rules, sessions
from licensing.models import ClientSession
from licensing.rules import NewRule
from tests.factories import TESTER, days_from_today, make_client, make_session

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("refreshed", "state"),
    [
        (dt.timedelta(minutes=7), "active"),
        (dt.timedelta(minutes=8), "quiet"),
        (dt.timedelta(minutes=14), "quiet"),
        (dt.timedelta(minutes=16), "offline"),
        (dt.timedelta(hours=47), "offline"),
        (dt.timedelta(hours=49), "held"),
    ],
)
def test_depends_on_the_last_refresh(pool, refreshed, state):
    make_session(pool, refreshed=refreshed)

    assert ClientSession.objects.with_state().get().state == state


def test_is_ended_when_the_seat_came_back(pool):
    sessions.close(make_session(pool).pk)

    assert ClientSession.objects.with_state().get().state == "ended"


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"state": "closed"}, "ending"),
        ({"state": "suspended"}, "active"),
        ({"ends_on": days_from_today(-3)}, "ending"),
    ],
)
def test_is_ending_when_its_licence_is_over(pool, change, state):
    make_session(pool)

    type(pool.licence).objects.update(**change)

    assert ClientSession.objects.with_state().get().state == state


@pytest.mark.parametrize(("username", "state"), [("acme\\*", "ending"), ("acme", "active")])
def test_is_ending_when_a_rule_blocks_it(pool, username, state):
    make_session(pool, make_client(username="ACME\\jsmith"))

    rules.add(pool.account, NewRule(username=username), by=TESTER)

    assert ClientSession.objects.with_state().get().state == state


@pytest.mark.parametrize(("hours", "state"), [(1, "offline"), (49, "held")])
def test_who_is_blocked_and_out_of_touch_keeps_the_seat(pool, hours, state):
    make_session(pool, make_client(username="x"), refreshed=dt.timedelta(hours=hours))

    rules.add(pool.account, NewRule(username="x"), by=TESTER)

    assert ClientSession.objects.with_state().get().state == state
