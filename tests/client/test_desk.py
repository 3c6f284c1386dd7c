"""What is kept at the desk: the time, and which leases are believed."""

from __future__ import annotations

import os
from dataclasses import replace

from cloud_licence import program as licence
from cloud_licence.answers import Granted, Refused, Session
from cloud_licence.desk import SEEN, at_desk
from cloud_licence.exchange import hear
from cloud_licence.states import State
from cloud_licence.transport import Service
from licensing import leases
from licensing.models import ClientSession
from tests.client.computers import PROGRAM

STRANGE = {"kty": "OKP", "crv": "Ed25519", "kid": "other", "x": "A" * 43}


def test_refusal_that_tells_the_time_sets_the_clock(key, clock):
    with at_desk(PROGRAM) as desk:
        told = desk.now + 86_400
        hear(desk, Refused(code="licence_closed", server_time=told))

        assert abs(desk.now - told) < 60
        assert desk.record.latest == desk.record.server_time == told


def test_a_child_of_a_fork_holds_by_itself_and_gives_nothing_of_its_parent_s_back(key, monkeypatch):
    licence.open_licence(PROGRAM)
    with monkeypatch.context() as forked:
        forked.setattr(os, "getpid", os.getppid)  # as a copy of this process has another
        licence.open_licence(PROGRAM)
        licence.close(PROGRAM)

    with at_desk(PROGRAM) as desk:
        assert [held.pid for held in desk.record.holders] == [os.getpid()]
    assert ClientSession.objects.active().exists()


def test_word_of_the_service_is_passed_on_to_the_user(key):
    with at_desk(PROGRAM) as desk:
        session, now = Session("id", "token"), desk.now
        hear(
            desk,
            Granted(
                session=session, refresh_after=9, grace_until=0, server_time=now, message="At six."
            ),
        )

        assert "At six." in desk.store.notices


def test_latest_time_moves_at_every_look_without_a_connection(key, network, clock):
    licence.open_licence(PROGRAM)
    network.mood = "lost"
    clock.shift(40 * 3600)
    licence.look(PROGRAM)
    licence.close(PROGRAM)
    SEEN.clear()  # as another process
    clock.shift(-39 * 3600)

    refused = licence.open_licence(PROGRAM)

    assert (refused.situation.state, refused.situation.code) == (State.DENIED, "clock_turned_back")


def test_clock_that_is_set_back_while_the_program_runs_wins_no_time(key, network, clock):
    licence.open_licence(PROGRAM)
    network.mood = "lost"
    clock.shift(47 * 3600)
    licence.look(PROGRAM)
    with at_desk(PROGRAM) as desk:
        before = desk.now
    clock.shift(-46 * 3600)

    with at_desk(PROGRAM) as desk:
        assert desk.now >= before
        assert not desk.has_clock_problem


def test_only_pinned_keys_are_believed_and_none_are_fetched(key, network):
    pinned = replace(PROGRAM, pinned_keys=(STRANGE,))
    opened = licence.open_licence(pinned)

    assert opened.situation.state is State.LICENSED
    assert opened.notices == ("The licence cannot be used offline: its lease is not signed.",)
    assert not any("jwks" in line for line in network.requests)


def test_pinned_key_of_the_service_opens_offline(key, network):
    keys = tuple(Service(url=network.url).keys())
    pinned = replace(PROGRAM, pinned_keys=keys)
    licence.open_licence(pinned)
    licence.close(pinned)
    network.mood = "lost"

    assert keys[0]["kid"] == leases.public_keys()["keys"][0]["kid"]
    assert licence.open_licence(pinned).situation.state is State.UNREACHABLE
