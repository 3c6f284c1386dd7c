"""Two things at once: real transactions, real threads, PostgreSQL.

Each race has a control that takes the guard away and fails, which proves that
the race is real.
"""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest

from licensing import errors, pools, sessions, statements
from licensing.models import ClientSession
from tests.factories import make_client, make_pool, make_session
from tests.licensing.faults import OPENING, plant_in_openings, refresh_that_revives
from tests.licensing.races.together import at_once, held_seats, race_as_served, race_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_200_check_outs_on_10_seats_give_exactly_10():
    key = make_pool(10)

    granted = race_as_served(key, [make_client() for _ in range(200)])

    assert len(granted) == len(set(granted)) == 10
    assert held_seats(key) == 10
    assert ClientSession.objects.active().count() == 10


def test_control_without_seat_rows_the_same_race_oversells(monkeypatch):
    """Counting sessions instead of taking a seat row, as other systems do."""
    counting = """
        SELECT NULL::bigint AS id WHERE (
            SELECT count(*) FROM licensing_clientsession
            WHERE licence_id = %(licence)s AND ended_at IS NULL
        ) < (SELECT seats FROM licensing_licence WHERE id = %(licence)s)
        AND pg_sleep(0.05) IS NOT NULL
    """
    opening = statements.open_session_statement(counting, statements.KEY_IS_KNOWN)
    for name in OPENING:
        monkeypatch.setattr(pools, name, opening)
    key = make_pool(10)

    granted = race_for(key, [make_client() for _ in range(40)])

    assert len(granted) > 10


def test_the_same_user_50_times_gives_one_session():
    key = make_pool(10)
    client = make_client()

    granted = race_as_served(key, [client] * 50)

    assert len(granted) == 50
    assert len(set(granted)) == 1
    assert held_seats(key) == 1


def test_control_without_the_unique_index_the_same_user_takes_several_seats(monkeypatch):
    plant_in_openings(monkeypatch, "%(identity)s", "gen_random_uuid()")
    key = make_pool(10)

    granted = race_for(key, [make_client()] * 10)

    assert len(set(granted)) > 1


def test_a_seat_on_its_way_back_is_not_refused():
    """Closes and check-outs of a full pool at once: whoever asks after a close gets the seat."""
    key = make_pool(5)
    for _ in range(6):
        held = list(ClientSession.objects.active()) or [make_session(key) for _ in range(5)]

        def swap(session):
            sessions.close(session.pk)
            return sessions.check_out(key, make_client())

        outcomes = at_once(*(partial(swap, session) for session in held))
        assert [o for o in outcomes if isinstance(o, errors.LicensingError)] == []
        assert held_seats(key) == 5


def test_a_late_refresh_never_makes_an_eleventh():
    key = make_pool(10)
    late = [make_session(key, refreshed=dt.timedelta(hours=49)) for _ in range(10)]

    refreshes = [partial(sessions.refresh, session.pk) for session in late]
    newcomers = [partial(sessions.check_out, key, make_client()) for _ in range(10)]
    at_once(*(call for pair in zip(refreshes, newcomers, strict=True) for call in pair))

    assert held_seats(key) == 10
    assert ClientSession.objects.active().count() == 10


def test_control_a_refresh_without_its_guard_makes_an_eleventh(monkeypatch):
    monkeypatch.setattr(statements, "REFRESH", refresh_that_revives())
    key = make_pool(1)
    late = make_session(key, refreshed=dt.timedelta(hours=49))
    sessions.check_out(key, make_client())

    sessions.refresh(late.pk)

    assert ClientSession.objects.active().count() == 2
