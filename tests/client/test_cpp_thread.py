"""The C++ library's thread is never in the program's way. What its threads share is watched."""

from __future__ import annotations

import json
import re
import time

import pytest

from licensing.models import ClientSession
from tests.client import cpp
from tests.client.driven import VERSION, made_by, running

STOPPED = re.compile(r"stopped after ([\d.]+) ms, (\d+) calls\n")
LONGEST_STOP = 250
"""Milliseconds: a fifth of a second, and some for a machine that is busy with other tests."""

SECONDS_TO_ANSWER = 10
"""For so long a service is waited for, in the thread."""


@pytest.fixture
def library():
    """A program with a licence in a thread of its own."""
    return made_by(cpp.kit_of_threads)


@pytest.fixture
def program(library, pc, key):
    """One that runs on the computer."""
    with running(library, VERSION) as made:
        yield made


def stopped(program) -> float:
    """How long it took to stop, in milliseconds."""
    return float(STOPPED.search(program.end())[1])


def test_opens_by_itself_and_gives_the_seat_back(program):
    opened = program.say("poll")
    seats = ClientSession.objects.active().count()
    status = program.say("status")
    told = program.end()

    assert opened == status == ["licensed open -", "You have a licence.", ""]
    assert seats == 1
    assert STOPPED.fullmatch(told)[2] == "1"
    assert not ClientSession.objects.active().exists()


def test_does_not_wait_for_a_service_that_is_silent(library, pc, key, network):
    """Neither to say how things stand nor to stop."""
    network.mood = "silent"

    with running(library, VERSION) as program:
        network.heard.wait(10)
        began = time.monotonic()
        asking = program.say("status")
        seconds = time.monotonic() - began
        milliseconds = stopped(program)

    assert seconds < SECONDS_TO_ANSWER / 2
    assert asking == ["starting shut -", "", ""]
    assert milliseconds < LONGEST_STOP


def test_stops_at_once_while_the_service_is_silent_and_closes_later(program, pc, network):
    program.say("poll")
    session = ClientSession.objects.active().get()
    network.mood = "silent"

    milliseconds = stopped(program)

    assert milliseconds < LONGEST_STOP
    closes = json.loads(pc.store.read_text())["closes"]
    assert [close["session"]["id"] for close in closes] == [str(session.pk)]
    assert ClientSession.objects.active().count() == 1

    network.mood = "working"
    pc.run("status")  # the reference client says what the library left to be said

    assert not ClientSession.objects.active().exists()


def test_refused_at_its_start_opens_when_the_user_tries_again(library, pc, key, network):
    network.mood = "captive portal"

    with running(library, VERSION) as program:
        refused = program.say("poll")
        network.mood = "working"
        opened = program.say("again\npoll")
        stopped(program)

    assert refused[0] == "denied shut captive_portal"
    assert opened[0] == "licensed open -"


@pytest.fixture
def offline(library, pc, key, network):
    """A program that is open on its lease, and waits half a minute until it asks again."""
    with running(library, VERSION, killed=True) as before:
        before.say("poll")
        before.running.kill()
    network.mood = "captive portal"
    with running(library, VERSION) as made:
        assert made.say("poll")[0] == "unreachable open captive_portal"
        yield made


def test_open_offline_it_asks_at_once_when_the_user_tries_again(offline, network):
    network.mood = "working"
    opened = offline.say("again\nwait")
    stopped(offline)

    assert opened[0] == "licensed open -"


@pytest.mark.slow
def test_open_offline_it_asks_soon_when_the_network_is_back_and_not_for_each_look(offline, network):
    """It asked a moment ago, so the first look waits for the rest of five seconds."""
    network.mood = "working"
    began = time.monotonic()
    opened = offline.say("look\nlook\nlook\npoll")
    seconds = time.monotonic() - began
    stopped(offline)

    assert opened[0] == "licensed open -"
    assert 3 < seconds < 15


def test_after_its_end_calls_change_nothing(program):
    program.say("poll")
    began = time.monotonic()
    told = program.say("stop\nagain\nlook\nwait")
    seconds = time.monotonic() - began
    program.end()

    assert told[0] == "licensed open -"
    assert seconds < LONGEST_STOP / 50


def test_feature_that_is_refused_changes_nothing_else(program):
    program.say("poll")
    told = program.say("take 4d\npoll")
    stopped(program)

    assert told[0] == "licensed open -"
    assert told[2].startswith("The licence does not include every feature")


def test_child_of_a_fork_leaves_the_parent_s_seat_alone(program):
    program.say("poll")

    child = program.say("fork")
    active = ClientSession.objects.active().count()
    stopped(program)

    assert child == ["child 0"]
    assert active == 1


def test_child_of_a_fork_with_a_licence_of_its_own_leaves_the_parent_s_seat_alone(library, pc, key):
    with running(library, VERSION, TSAN_OPTIONS="die_after_fork=0") as program:
        program.say("poll")
        child = program.say("fork-licence")
        active = ClientSession.objects.active().count()
        stopped(program)

    assert child == ["child 0"]
    assert active == 1
    assert not ClientSession.objects.active().exists()


def test_store_is_deleted_and_the_end_gives_the_seat_back_all_the_same(program, pc):
    program.say("poll")
    pc.store.unlink()
    stopped(program)

    assert not ClientSession.objects.active().exists()


@pytest.mark.parametrize("way", ["exit", "exit of OpenSSL"])
def test_in_static_storage_it_gives_the_seat_back_as_the_process_ends(library, pc, key, way):
    with running(library, way) as program:
        opened = program.answer()
        program.end()

    assert opened[0] == "licensed open -"
    assert not ClientSession.objects.active().exists()
