"""The client and the real server, through a network that is lost and found again."""

from __future__ import annotations

import pytest

from cloud_licence import desk
from cloud_licence import program as licence
from cloud_licence.states import State
from licensing import sessions
from licensing.models import ClientSession
from tests.client.computers import PROGRAM
from tests.client.network import ANSWERS
from tests.client.seats import in_use
from tests.factories import TESTER, make_pool, make_session

GRACE_ENDS = 49 * 3600


@pytest.fixture
def key(network, pc):
    """The key of a pool of two seats, rolled out to the computer."""
    made = make_pool(2)
    pc.set_policy(made, network.url, ContactText="Ask Priya Shah.")
    return made


def read(found):
    """What the user reads."""
    return str(found.message)


def test_opens_refreshes_and_gives_back(key, pc, network, clock):
    opened = licence.open_licence(PROGRAM)
    before = ClientSession.objects.get()
    clock.shift(400)
    refreshed = licence.look(PROGRAM)

    assert (opened.situation.state, opened.licence_name) == (State.LICENSED, before.licence.name)
    assert refreshed.situation.state is State.LICENSED
    assert ClientSession.objects.get().refreshed_at > before.refreshed_at
    licence.close(PROGRAM)
    assert in_use(key) == 0
    assert [line.split()[0] for line in network.requests] == ["POST", "GET", "POST", "DELETE"]


def test_released_while_offline_and_told_so_when_it_is_back(key, pc, network, clock):
    licence.open_licence(PROGRAM)
    network.mood = "lost"
    clock.shift(400)
    alone = licence.look(PROGRAM)
    sessions.release(ClientSession.objects.get(), by=TESTER, reason="On holiday")
    network.mood = "working"
    clock.shift(100)
    back = licence.look(PROGRAM)
    clock.shift(100)
    again = licence.look(PROGRAM)

    assert alone.situation.state is State.UNREACHABLE
    assert "The licensing service cannot be reached. You can work offline until" in read(alone)
    assert back.situation.state is State.RELEASED
    assert "Your licence was released so that somebody else can use it." in read(back)
    assert f"Reference: {back.situation.reference}" in read(back)
    assert again.situation.state is State.LICENSED
    assert in_use(key) == 1


def test_seat_given_to_somebody_else_meanwhile(pc, network, clock):
    key = make_pool(1)
    pc.set_policy(key, network.url)
    licence.open_licence(PROGRAM)
    sessions.release(ClientSession.objects.get(), by=TESTER)
    make_session(key)
    clock.shift(400)
    licence.look(PROGRAM)
    clock.shift(100)

    refused = licence.look(PROGRAM)

    assert (refused.situation.state, refused.situation.is_open) == (State.DENIED, True)
    assert "Not enough licences are available" in read(refused)
    assert "the program asks again by itself" in read(refused)


def test_grace_ends_and_nothing_is_closed(key, pc, network, clock):
    licence.open_licence(PROGRAM)
    network.mood = "lost"
    clock.shift(GRACE_ENDS)

    over = licence.look(PROGRAM)
    licence.close(PROGRAM)
    next_start = licence.open_licence(PROGRAM)

    assert (over.situation.state, over.situation.is_open) == (State.GRACE_OVER, True)
    assert "Your time offline is over. You can go on working" in read(over)
    assert (next_start.situation.state, next_start.situation.code) == (
        State.DENIED, "unreachable",
    )  # fmt: skip


def test_closed_offline_and_sent_later_with_its_time(key, pc, network, clock):
    licence.open_licence(PROGRAM)
    network.mood = "lost"
    clock.shift(10)
    licence.close(PROGRAM)
    held = in_use(key)
    clock.shift(3600)
    network.mood = "working"
    licence.look(PROGRAM)

    assert (held, in_use(key)) == (1, 0)
    assert "ended_at=" in next(line for line in network.requests if line.startswith("DELETE"))
    assert [session.end_reason for session in ClientSession.objects.ended()] == ["closed"]


def test_program_that_opens_again_keeps_the_session_whose_close_was_lost(key, pc, network, clock):
    licence.open_licence(PROGRAM)
    session = ClientSession.objects.get()
    network.mood = "lost"
    licence.close(PROGRAM)
    network.mood = "working"

    again = licence.open_licence(PROGRAM)
    clock.shift(400)
    later = licence.look(PROGRAM)

    assert again.situation.session.id == str(session.pk)
    assert later.situation.state is State.LICENSED
    assert not [line for line in network.requests if line.startswith("DELETE")]


def test_what_is_not_the_service_leads_to_grace(key, pc, network):
    licence.open_licence(PROGRAM)
    licence.close(PROGRAM)

    found = {}
    for network.mood in [*ANSWERS, "lost"]:
        found[network.mood] = licence.open_licence(PROGRAM).situation
        licence.close(PROGRAM)

    assert {mood: situation.code for mood, situation in found.items()} == {
        "captive portal": "captive_portal",
        "redirect": "captive_portal",
        "bad gateway": "service_trouble",
        "forbidding proxy": "captive_portal",
        "password proxy": "proxy_password",
        "lost": "unreachable",
    }
    assert {situation.state for situation in found.values()} == {State.UNREACHABLE}


@pytest.mark.slow
def test_service_that_is_silent_leads_to_grace(key, pc, network):
    licence.open_licence(PROGRAM)
    licence.close(PROGRAM)
    pc.set_policy(key, network.url, TimeoutSeconds="1")
    network.mood = "silent"

    assert licence.open_licence(PROGRAM).situation.code == "timed_out"


def test_does_not_open_offline_the_first_time(key, pc, network):
    network.mood = "lost"

    found = pc.run("open")

    assert found.returncode == 3
    assert found.stdout.startswith("The licensing service cannot be reached. The program needs an")


def test_clock_that_was_set_back_asks_for_a_connection(key, pc, network, clock):
    licence.open_licence(PROGRAM)
    licence.close(PROGRAM)
    network.mood = "lost"
    clock.shift(-3600)
    here = licence.open_licence(PROGRAM)
    licence.close(PROGRAM)
    desk.SEEN.clear()  # as another process, which knows no more than what is kept
    refused = licence.open_licence(PROGRAM)
    network.mood = "working"
    connected = licence.open_licence(PROGRAM)
    licence.close(PROGRAM)
    network.mood = "lost"
    again = licence.open_licence(PROGRAM)

    assert here.situation.state is State.UNREACHABLE
    assert (refused.situation.state, refused.situation.code) == (State.DENIED, "clock_turned_back")
    assert connected.situation.state is State.LICENSED
    assert again.situation.state is State.UNREACHABLE
