"""The undo of a release against whoever else wants the seat."""

from __future__ import annotations

from functools import partial

import pytest

from licensing import errors, invariants, pool_statements, pools, sessions
from licensing.models import AuditEntry, ClientSession
from tests.factories import TESTER, make_client, make_pool, make_session
from tests.licensing.races.together import at_once, held_seats

pytestmark = pytest.mark.django_db(transaction=True)


def released(key, client=None):
    session = make_session(key, client)
    sessions.release(session, by=TESTER)
    return session


def undo(session):
    session = ClientSession.objects.get(pk=session.pk)
    return partial(sessions.undo_release, session, by=TESTER)


def test_the_last_seat_goes_to_the_undo_or_to_a_new_client():
    for _ in range(5):
        key = make_pool(1)

        undone, opened = at_once(
            undo(released(key)), partial(sessions.check_out, key, make_client())
        )

        outcome = (type(undone), type(opened))
        assert outcome in [(type(None), errors.PoolExhausted), (errors.SeatTaken, tuple)]
        assert held_seats(key) == 1
    assert invariants.broken() == []


def test_a_client_that_checks_out_again_meanwhile_has_one_seat():
    for _ in range(5):
        key, client = make_pool(3), make_client()
        session = released(key, client)

        undone, (grant, created) = at_once(undo(session), partial(sessions.check_out, key, client))

        assert created == isinstance(undone, errors.HasSeatAgain)
        assert (grant.session_id == session.pk) == (undone is None)
        assert held_seats(key) == 1
    assert invariants.broken() == []


def test_two_undos_put_it_back_once():
    key = make_pool(3)
    session = released(key)

    outcomes = at_once(*[undo(session) for _ in range(6)])

    assert sorted(map(str, outcomes)) == ["None"] + [str(errors.HasSeatAgain())] * 5
    assert AuditEntry.objects.filter(action="release_undone").count() == 1
    assert held_seats(key) == 1


def test_a_close_is_never_undone():
    key = make_pool(8)
    sessions_ = [released(key) for _ in range(8)]

    at_once(*[undo(s) for s in sessions_], *[partial(sessions.close, s.pk) for s in sessions_])

    assert held_seats(key) == 0
    assert invariants.broken() == []


def undos_against_check_outs(monkeypatch, put_back):
    """Undos and check-outs race for a pool in which somebody stays; what is broken then."""
    monkeypatch.setattr(pools, "PUT_BACK_ON_ANY_SEAT", put_back)
    key = make_pool(5)
    make_session(key)
    undos = [undo(released(key)) for _ in range(4)]
    at_once(*undos, *[partial(sessions.check_out, key, make_client()) for _ in range(2)])
    return invariants.broken()


def test_never_over_the_limit(monkeypatch):
    assert undos_against_check_outs(monkeypatch, pool_statements.PUT_BACK_ON_ANY_SEAT) == []


def test_control_an_undo_that_takes_any_seat_breaks_the_pool(monkeypatch):
    any_seat = "SELECT id FROM licensing_seat WHERE licence_id = %(licence)s LIMIT 1"
    greedy = pool_statements.put_back_statement(any_seat)

    assert undos_against_check_outs(monkeypatch, greedy) != []
