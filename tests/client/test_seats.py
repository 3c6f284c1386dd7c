"""Seats are neither lost nor kept by nobody: lost answers, crashes, replaced keys, and ends."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import uuid

import pytest

from cloud_licence import closes, desk
from cloud_licence import program as licence
from cloud_licence.states import State
from licensing import keys
from licensing.models import ClientSession
from tests.client.computers import PROGRAM
from tests.factories import TESTER, make_pool, make_session


def seats_taken():
    """How many seats are taken."""
    return ClientSession.objects.active().count()


def kept(pc):
    """What the client keeps."""
    return json.loads(pc.store.read_text())


def asked(network, verb):
    """The requests of that verb, whole."""
    return [sent.decode() for sent in network.sent if sent.startswith(verb.encode())]


def forget_holders(pc):
    """As if every process that held the session had been killed."""
    desk.HELD.clear()
    text = pc.store.read_text()
    pc.store.write_text(text.replace(f'"pid": {os.getpid()}', '"pid": 1'))


def test_start_whose_answer_is_lost_leaves_no_seat_behind(key, pc, network):
    network.mood = "one way"
    refused = licence.open_licence(PROGRAM)
    ghost = str(ClientSession.objects.active().get().pk)
    network.mood = "working"
    licence.look(PROGRAM)

    (close,) = asked(network, "DELETE")
    assert close.startswith(f"DELETE /api/v1/sessions/{ghost} ")
    pair = base64.b64encode(f"{key.serial_number}:{key.plain}".encode()).decode()
    assert (refused.situation.state, refused.situation.code) == (State.DENIED, "unreachable")
    assert f"Authorization: Basic {pair}" in close
    assert "ended_at" not in close  # no time of the service was ever heard
    assert (kept(pc)["pending"], kept(pc)["closes"], seats_taken()) == (None, [], 0)


def test_start_whose_answer_is_lost_goes_on_with_that_session(key, pc, network):
    network.mood = "one way"
    licence.open_licence(PROGRAM)
    ghost = str(ClientSession.objects.active().get().pk)
    network.mood = "working"

    opened = licence.open_licence(PROGRAM)

    assert opened.situation.session.id == ghost
    assert asked(network, "DELETE") == []
    assert kept(pc)["closes"] == []


@pytest.mark.slow
def test_close_of_a_seat_outlives_those_of_which_nobody_knows(key, pc, network):
    licence.open_licence(PROGRAM)
    network.mood = "lost"
    licence.close(PROGRAM)
    with desk.at_desk(PROGRAM) as made:
        made.keep(lease="")
    for _ in range(closes.MOST_CLOSES + 1):
        licence.open_licence(PROGRAM)
    waiting = len(kept(pc)["closes"])
    network.mood = "working"
    licence.look(PROGRAM)

    assert waiting == closes.MOST_CLOSES
    assert (kept(pc)["closes"], seats_taken()) == ([], 0)


def test_same_id_is_sent_until_there_is_an_answer(key, pc, network, clock):
    licence.open_licence(PROGRAM)
    licence.close(PROGRAM)
    network.mood = "lost"
    offline = licence.open_licence(PROGRAM)  # on its lease
    pending = kept(pc)["pending"]["session_id"]
    network.mood = "working"
    clock.shift(100)
    licence.look(PROGRAM)

    assert offline.situation.state is State.UNREACHABLE
    assert any(f'"session_id": "{pending}"' in request for request in asked(network, "POST")[1:])
    assert kept(pc)["pending"] is None


def test_close_with_the_key_waits_while_another_key_is_set(key, pc, network):
    network.mood = "lost"
    licence.open_licence(PROGRAM)
    pc.set_policy(other := make_pool(1), network.url)
    network.mood = "working"
    licence.open_licence(PROGRAM)
    licence.close(PROGRAM)

    (waiting,) = kept(pc)["closes"]
    assert (waiting["serial_number"], waiting["session"]["token"]) == (key.serial_number, "")
    assert not any("Basic" in request for request in asked(network, "DELETE"))
    assert other.plain not in pc.store.read_text()
    pc.set_policy(key, network.url)
    licence.look(PROGRAM)
    assert kept(pc)["closes"] == []


def test_program_whose_key_was_replaced_after_a_crash_keeps_its_seat(key, pc, network):
    licence.open_licence(PROGRAM)
    session = ClientSession.objects.get()
    forget_holders(pc)
    new, new.plain = keys.reissue(key, by=TESTER, reason="Leaked")
    pc.set_policy(new, network.url)

    opened = licence.open_licence(PROGRAM)

    assert opened.situation.session.id == str(session.pk)
    assert asked(network, "DELETE") == []


def test_session_of_another_licence_is_closed_once_there_is_a_new_one(key, pc, network):
    licence.open_licence(PROGRAM)
    forget_holders(pc)
    pc.set_policy(other := make_pool(1), network.url)

    licence.open_licence(PROGRAM)

    assert ClientSession.objects.active().get().licence == other.licence
    assert [line.split()[0] for line in network.requests][-2:] == ["POST", "DELETE"]


def test_session_of_another_licence_stays_known_while_the_new_key_is_refused(key, pc, network):
    licence.open_licence(PROGRAM)
    forget_holders(pc)
    make_session(full := make_pool(1))
    pc.set_policy(full, network.url)

    refused = licence.open_licence(PROGRAM)

    assert refused.situation.code == "pool_exhausted"
    assert kept(pc)["situation"]["session"]["id"] == str(key.licence.sessions.get().pk)


def test_own_close_makes_way_in_a_full_pool(key, pc, network):
    """The seat is held by another session of this computer, whose close was lost."""
    licence.open_licence(PROGRAM)
    network.mood = "lost"
    licence.close(PROGRAM)
    network.mood = "working"
    ClientSession.objects.update(identity=uuid.uuid4())

    opened = licence.open_licence(PROGRAM)

    assert opened.situation.state is State.LICENSED
    assert seats_taken() == 1


def test_who_was_refused_does_not_open_by_pulling_the_cable(key, pc, network):
    licence.open_licence(PROGRAM)
    licence.close(PROGRAM)
    make_session(key)
    refused = licence.open_licence(PROGRAM)
    network.mood = "lost"

    again = licence.open_licence(PROGRAM)

    assert refused.situation.code == "pool_exhausted"
    assert (again.situation.state, again.situation.code) == (State.DENIED, "unreachable")


def test_program_that_cannot_be_started_gives_its_seat_back(key, pc):
    ran = pc.run_apart("run", "--", "/nowhere/program")

    assert (ran.returncode, seats_taken()) == (1, 0)
    assert "/nowhere/program cannot be started: No such file or directory" in ran.stderr
    assert ClientSession.objects.ended().count() == 1


@pytest.fixture
def ctrl_c():
    """What is started hears Ctrl-C, also where the tests run in the background of a shell, which
    has them and whatever they start ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.census
@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_command_that_is_ended_while_it_asks_queues_a_close(key, pc, network, number):
    network.mood = "silent"
    command = pc.command("run", "--", sys.executable, "-c", "print('started')")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as ended:
        network.heard.wait(30)
        network.mood = "lost"
        ended.send_signal(number)
        told, _ = ended.communicate(timeout=30)

    assert (told, ended.returncode) == (b"", 128 + number)
    assert [close["serial_number"] for close in kept(pc)["closes"]] == [key.serial_number]
    assert kept(pc)["pending"] is None
