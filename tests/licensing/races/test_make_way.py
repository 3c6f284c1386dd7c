"""Silent sessions make way for the next of their person, while others want the same."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest

from licensing import errors, invariants, pool_statements, pools, sessions
from licensing.grants import Grant
from tests.factories import make_client, make_pool, make_session
from tests.licensing.faults import SKIPS_LOCKED, changed
from tests.licensing.races.together import at_once, held_seats, once_one_sleeps, race_for

pytestmark = pytest.mark.django_db(transaction=True)

SILENT = dt.timedelta(minutes=8)


def user(number: int, os_session: str):
    return make_client(machine_name="CTX-01", username=f"ACME\\user{number}", os_session=os_session)


def full_pool(people: int):
    """A pool whose terminal server has just restarted; its key and the sessions that are over."""
    key = make_pool(people)
    lost = [make_session(key, user(n, "2"), refreshed=SILENT) for n in range(people)]
    return key, lost


def test_all_who_come_back_at_once_get_their_seats():
    key, _ = full_pool(12)

    granted = race_for(key, [user(number, "3") for number in range(12)])

    assert len(set(granted)) == held_seats(key) == 12
    assert invariants.broken() == []


def test_one_seat_goes_to_one_of_two_os_sessions_of_a_person():
    for _ in range(5):
        key, _ = full_pool(1)

        outcomes = at_once(*(partial(sessions.check_out, key, user(0, s)) for s in ("3", "4")))

        assert {type(outcome) for outcome in outcomes} == {tuple, errors.PoolExhausted}
        assert held_seats(key) == 1


def come_back_while_it_refreshes(monkeypatch, make_way):
    """Whether somebody got a seat, and whether the silent session went on that was looked at."""
    batch = "LIMIT %(batch)s"
    slow = changed(make_way, batch, f"AND pg_sleep(0.2) IS NOT NULL {batch}")
    monkeypatch.setattr(pools, "MAKE_WAY", slow)
    key, [lost] = full_pool(1)
    came, went_on = at_once(
        partial(sessions.check_out, key, user(0, "3")),
        once_one_sleeps(partial(sessions.refresh, lost.pk)),
    )

    assert held_seats(key) == 1
    return isinstance(came, tuple), isinstance(went_on, Grant)


def test_a_session_that_refreshes_at_that_moment_goes_on(monkeypatch):
    came, went_on = come_back_while_it_refreshes(monkeypatch, pool_statements.MAKE_WAY)

    assert (came, went_on) == (False, True)
    assert invariants.broken() == []


def test_control_without_its_lock_what_was_just_refreshed_is_replaced(monkeypatch):
    unlocked = changed(pool_statements.MAKE_WAY, SKIPS_LOCKED, "")

    assert come_back_while_it_refreshes(monkeypatch, unlocked) == (True, True)


def test_each_session_that_refreshes_just_then_goes_on_or_is_replaced():
    key, lost = full_pool(8)
    calls = [partial(sessions.check_out, key, user(number, "3")) for number in range(8)]
    calls += [partial(sessions.refresh, session.pk) for session in lost]

    outcomes = at_once(*calls)

    came = [isinstance(outcome, tuple) for outcome in outcomes[:8]]
    went_on = [isinstance(outcome, Grant) for outcome in outcomes[8:]]
    assert [one != other for one, other in zip(came, went_on, strict=True)] == [True] * 8
    assert held_seats(key) == 8
