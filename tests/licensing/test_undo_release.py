"""A release is undone for ten seconds, if the seat is still free."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import devices, errors, invariants, keys, licences, rules, sessions
from licensing.models import ClientSession
from licensing.rules import NewRule
from tests.factories import (
    TESTER,
    ago,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)

pytestmark = pytest.mark.django_db


def released(key, client=None, **when):
    session = make_session(key, client, **when)
    sessions.release(session, by=TESTER)
    return session


def undo(session):
    sessions.undo_release(session, by=TESTER)


def is_open(session):
    return ClientSession.objects.active().filter(pk=session.pk, seat__isnull=False).exists()


def test_puts_the_same_session_back_as_it_was(pool):
    before = make_session(pool, refreshed=dt.timedelta(minutes=7))
    session = ClientSession.objects.get(pk=before.pk)
    sessions.release(session, by=TESTER)

    undo(session)

    after = ClientSession.objects.get(pk=before.pk)
    names = {field.attname for field in ClientSession._meta.concrete_fields} - {"held_since"}
    assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]
    assert is_open(before)
    assert sessions.refresh(before.pk)


def test_is_recorded(pool):
    session = released(pool)

    undo(session)

    entry = session.account.audit_entries.first()
    assert (entry.action, entry.object_id) == ("release_undone", str(session.pk))


def test_takes_no_seat_from_anybody(pool):
    session, _other = released(pool), make_session(pool)
    make_session(pool)

    with pytest.raises(errors.SeatTaken):
        undo(session)


def test_respects_a_limit_that_was_lowered_since(pool):
    session, _other = released(pool), make_session(pool)
    licences.set_seats(pool.licence, 1, by=TESTER, reason="Order")

    with pytest.raises(errors.SeatTaken):
        undo(session)


def test_comes_too_late_when_the_client_has_a_new_session(pool):
    client = make_client()
    session = released(pool, client)
    make_session(pool, client)

    with pytest.raises(errors.HasSeatAgain):
        undo(session)


def test_comes_too_late_when_the_client_had_a_new_session_and_closed_it(pool):
    client = make_client()
    session = released(pool, client)
    sessions.close(make_session(pool, client).pk)

    with pytest.raises(errors.HasSeatAgain):
        undo(session)


def test_happens_once(pool):
    session = released(pool)
    undo(session)

    with pytest.raises(errors.HasSeatAgain):
        undo(session)


def test_comes_too_late_after_two_minutes(pool):
    session = released(pool)
    ClientSession.objects.update(started_at=ago(minutes=5), ended_at=ago(seconds=121))

    with pytest.raises(errors.TooLateToUndo):
        undo(session)


def test_undoes_no_close(pool):
    session = released(pool)
    sessions.close(session.pk)

    with pytest.raises(errors.TooLateToUndo):
        undo(session)


def test_undoes_only_releases(pool):
    session = make_session(pool)
    sessions.close(session.pk)

    with pytest.raises(errors.TooLateToUndo):
        undo(session)


def test_puts_nobody_back_whom_a_rule_bars(pool):
    session = released(pool)
    rules.add(session.account, NewRule(username=session.username), by=TESTER)

    with pytest.raises(errors.AccessBlocked):
        undo(session)


def test_puts_nothing_back_on_a_revoked_key(pool):
    session = released(pool)
    keys.revoke(pool, by=TESTER, reason="Stolen")

    with pytest.raises(errors.KeyRevoked):
        undo(session)


def test_puts_nothing_back_on_a_suspended_licence(pool):
    session = released(pool)
    licences.set_state(pool.licence, "suspended", by=TESTER)

    with pytest.raises(errors.LicenceSuspended):
        undo(session)


def test_gives_a_device_its_own_seat_again(single_user):
    session = released(single_user)

    undo(session)

    assert is_open(session)
    assert invariants.broken() == []


def test_gives_no_seat_to_a_device_that_was_freed():
    key = make_single_user()
    session = released(key)
    devices.free(key.licence.devices.get(), by=TESTER)

    with pytest.raises(errors.SeatTaken):
        undo(session)


def test_gives_no_feature_to_a_session_whose_seat_was_reclaimed_meanwhile():
    """It is stale itself, and goes with those whose feature it might have had."""
    key = make_pool(4, features=["4d:2"])
    stale, _other = (
        make_session(key, make_client(features=("4d",)), refreshed=dt.timedelta(hours=49))
        for _ in range(2)
    )
    sessions.release(stale, by=TESTER)
    make_session(key, make_client(features=("4d",)))

    with pytest.raises(errors.SeatTaken):
        undo(stale)

    assert invariants.broken() == []


def test_a_full_pool_sees_that_what_was_put_back_is_stale():
    key = make_pool(1)
    session = released(key, refreshed=dt.timedelta(hours=49))
    holder = make_session(key)
    with pytest.raises(errors.PoolExhausted):  # the licence notes that nothing is stale
        sessions.check_out(key, make_client())
    sessions.close(holder.pk)

    undo(session)

    _grant, created = sessions.check_out(key, make_client())
    assert created
