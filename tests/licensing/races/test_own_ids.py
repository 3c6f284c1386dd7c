"""Ids that clients make for their sessions: asked for twice, by two, and closed, at once."""

from __future__ import annotations

import dataclasses
import threading
import uuid
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from licensing import closed_ids, errors, invariants, pools, sessions
from licensing.models import ClientSession
from tests.factories import make_client, make_pool, make_single_user
from tests.licensing.faults import changed, plant_in_openings
from tests.licensing.races.together import at_once, held_seats, once_one_sleeps, race_for

pytestmark = pytest.mark.django_db(transaction=True)


def with_id(own, **details):
    return dataclasses.replace(make_client(**details), session_id=own)


def test_a_request_repeated_while_the_first_is_under_way_is_the_same_session():
    for key in (make_pool(10), make_single_user(10)):
        client = with_id(uuid.uuid4())

        granted = race_for(key, [client] * 20)

        assert granted == [client.session_id] * 20
        assert held_seats(key) == 1


def test_control_a_conflict_of_ids_that_nobody_expects_is_an_error(monkeypatch):
    of_identity = "ON CONFLICT (licence_id, identity) WHERE ended_at IS NULL DO"
    plant_in_openings(monkeypatch, "ON CONFLICT DO", of_identity)

    with pytest.raises(IntegrityError):
        ask_with_one_id_until_two_meet(make_pool(40))


def ask_with_one_id_until_two_meet(key):
    for own in [uuid.uuid4() for _ in range(30)]:
        race_for(key, [with_id(own) for _ in range(10)])


def test_an_id_that_two_ask_with_goes_to_one():
    key, other = make_pool(10), make_pool(10)
    own = uuid.uuid4()
    calls = [partial(sessions.check_out, k, with_id(own)) for k in (key, other) for _ in range(8)]

    outcomes = at_once(*calls)

    granted = [outcome for outcome in outcomes if isinstance(outcome, tuple)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, errors.RequestInvalid)]
    assert ([created for _, created in granted], len(refused)) == ([True], 15)
    assert held_seats(key) + held_seats(other) == 1


def closed_beside_slow_check_outs(monkeypatch):
    """How many sessions are opened, and how many seats held after all, where each is closed by
    its key while check-outs that began before have not come to any row yet."""
    prompt = "AND digest = %(digest)s::bytea"
    sleepy = f"{prompt} AND pg_sleep(0.3) IS NOT NULL"
    slow = changed(pools.OPEN_SESSION_WITH_KEY, prompt, sleepy, 1)
    monkeypatch.setattr(pools, "OPEN_SESSION_WITH_KEY", slow)
    key, clients = make_pool(20), [with_id(uuid.uuid4()) for _ in range(8)]
    proof = (key.serial_number, key.plain)
    calls = [partial(sessions.check_out_with_key, *proof, client) for client in clients]
    closes = [partial(sessions.close_of, key.licence, client.session_id) for client in clients]

    outcomes = at_once(*calls, *map(once_one_sleeps, closes))

    return sum(isinstance(outcome, tuple) for outcome in outcomes), held_seats(key)


def test_closed_by_its_key_while_it_is_opened_is_closed(monkeypatch):
    opened, held = closed_beside_slow_check_outs(monkeypatch)

    assert (opened > 0, held) == (True, 0)
    assert invariants.broken() == []


def test_control_a_close_that_waits_for_no_check_out_leaves_seats_taken(monkeypatch):
    monkeypatch.setattr(closed_ids, "wait_for_check_outs", lambda: None)

    _, held = closed_beside_slow_check_outs(monkeypatch)

    assert held > 0


def test_a_close_that_cannot_wait_any_longer_is_not_acknowledged(monkeypatch):
    monkeypatch.setattr(closed_ids, "MOST_SECONDS", 0)
    key, client = make_pool(2), with_id(uuid.uuid4())
    is_open, is_over = threading.Event(), threading.Event()
    close = partial(sessions.close_of, key.licence, client.session_id)

    def open_slowly():
        with transaction.atomic():
            sessions.check_out(key, client)
            is_open.set()
            is_over.wait(timeout=10)

    def close_meanwhile():
        is_open.wait(timeout=10)
        try:
            return close()
        finally:
            is_over.set()

    _, outcome = at_once(open_slowly, close_meanwhile)
    close()

    assert isinstance(outcome, errors.ServiceUnavailable)
    assert held_seats(key) == 0


def test_closed_by_its_key_after_the_answer_stays_closed_whoever_asks_with_its_id():
    key, client = make_pool(4), with_id(uuid.uuid4())
    sessions.check_out(key, client)

    at_once(
        partial(sessions.close_of, key.licence, client.session_id),
        *[partial(sessions.check_out, key, client)] * 6,
    )

    session = ClientSession.objects.get()
    assert (session.pk, session.end_reason) == (client.session_id, "closed")
    assert held_seats(key) == 0
