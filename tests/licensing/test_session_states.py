"""What pages call a session, derived at the database's time."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import sessions
from licensing.models import ClientSession
from tests.factories import make_session

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
