"""Ids that clients make for their sessions: asked for twice, by two, and closed, at once."""

from __future__ import annotations

import dataclasses
import uuid
from functools import partial

import pytest
from django.db import IntegrityError

from licensing import errors, invariants, pools, sessions, statements
from licensing.models import ClientSession
from tests.factories import make_client, make_pool, make_single_user
from tests.licensing.races.together import at_once, held_seats, race_for

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
    of_identity = statements.OPEN_SESSION.text.replace(
        "ON CONFLICT DO", "ON CONFLICT (licence_id, identity) WHERE ended_at IS NULL DO"
    )
    monkeypatch.setattr(pools, "OPEN_SESSION", statements.SeatStatement(of_identity))

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


def test_closed_by_its_key_while_it_is_opened_is_closed_whichever_comes_first():
    key = make_pool(20)
    clients = [with_id(uuid.uuid4()) for _ in range(8)]
    calls = [partial(sessions.check_out, key, client) for client in clients]
    calls += [partial(sessions.close_of, key.licence, client.session_id) for client in clients]

    at_once(*calls)

    assert held_seats(key) == 0
    assert invariants.broken() == []


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
