"""The client and the real server, through a network that is lost and found again."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys

import pytest

from cloud_licence import desk
from cloud_licence import program as licence
from cloud_licence.states import State
from licensing import keys, sessions
from licensing.models import ClientSession
from tests.client.conftest import PROGRAM
from tests.client.network import ANSWERS
from tests.factories import TESTER, make_pool, make_session, make_single_user

GRACE_ENDS = 49 * 3600


@pytest.fixture
def key(network, pc):
    """The key of a pool of two seats, rolled out to the computer."""
    made = make_pool(2)
    pc.set_policy(made, network.url, ContactText="Ask Priya Shah.")
    return made


def in_use(key):
    """How many seats are taken."""
    return ClientSession.objects.active().filter(licence=key.licence).count()


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


def test_two_processes_share_a_session(key, pc):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        pc.run("--pid", str(other.pid), "open")
        pc.run("open")
        shared = in_use(key)
        pc.run("close")
        still_open = in_use(key)
        pc.run("--pid", str(other.pid), "close")
        other.communicate(b"\n")

    assert (shared, still_open, in_use(key)) == (1, 1, 0)


def test_killed_program_opens_again_with_the_seat_that_it_has(key, pc):
    command = pc.command("run", "--", sys.executable, "-c", "print('open', flush=True); input()")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as killed:
        assert killed.stdout.readline() == b"open\n"
        killed.send_signal(signal.SIGKILL)
        killed.stdin.close()
    held = ClientSession.objects.active().get()

    meanwhile = pc.run("status")
    again = pc.run("run", "--", sys.executable, "-c", "")

    assert meanwhile.stdout == "The program is not open.\n"
    assert again.returncode == 0
    assert ClientSession.objects.get().pk == held.pk
    assert in_use(key) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_program_that_is_ended_from_outside_gives_its_seat_back(key, pc, number):
    command = pc.command("run", "--", sys.executable, "-c", "print('open', flush=True); input()")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as ended:
        assert ended.stdout.readline() == b"open\n"
        held = in_use(key)
        ended.send_signal(number)

    assert (held, in_use(key), ended.returncode) == (1, 0, 128 + number)


def test_program_runs_and_its_end_is_the_command_s(key, pc):
    assert pc.run("run", "--", sys.executable, "-c", "raise SystemExit(7)").returncode == 7
    assert in_use(key) == 0


def test_seat_is_given_back_though_nothing_can_be_written(key, pc, monkeypatch):
    (pc.home / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(pc.home / "file"))

    ran = pc.run("run", "--", sys.executable, "-c", "")

    assert ran.returncode == 0
    assert "could not be kept" in ran.stderr
    assert (ClientSession.objects.ended().count(), in_use(key)) == (1, 0)


def test_key_that_the_user_typed_opens_where_there_is_no_policy(pc, network):
    key = make_pool(1)
    pc.run("enter", input=f"{key.serial_number.lower()}\n{key.plain}\n")
    path = pc.home / "etc/xdg/elecosoft/powerproject/licensing.conf"
    path.parent.mkdir(parents=True)
    path.write_text(f"ServiceUrl = {network.url}\n")

    assert pc.run("open").returncode == 0
    assert "A new product key" not in pc.run("status").stdout
    assert in_use(key) == 1


def test_says_what_is_missing(pc):
    said = pc.run("open").stdout

    assert said.startswith("There is no serial number and product key yet.")
    assert "cloud-licence enter" in said


def test_program_that_is_refused_is_not_started(pc, network):
    key = make_pool(1)
    make_session(key)
    pc.set_policy(key, network.url)

    refused = pc.run("run", "--", sys.executable, "-c", "print('started')")

    assert (refused.returncode, refused.stdout) == (3, "")
    assert refused.stderr.startswith("Not enough licences are available")
    assert "Reference: " in refused.stderr


def test_moves_to_another_device(pc, network):
    key = make_single_user()
    pc.set_policy(key, network.url)
    pc.run("open")

    moved = pc.run("move")

    assert moved.stdout == "The licence can now be used on another device.\n"
    make_session(key)


def test_pool_cannot_be_moved_and_is_kept(key, pc):
    pc.run("open")

    refused = pc.run("move")

    assert refused.returncode == 3
    assert refused.stdout.startswith("Only a single-user licence is bound to a device")
    assert in_use(key) == 1


def test_program_that_was_released_stays_open_when_it_cannot_be_moved(key, pc, clock):
    licence.open_licence(PROGRAM)
    sessions.release(ClientSession.objects.get(), by=TESTER)
    clock.shift(400)
    released = licence.look(PROGRAM)

    moved = licence.move(PROGRAM)

    assert released.situation.state is State.RELEASED
    assert moved.situation.code == "not_single_user"
    assert licence.look(PROGRAM).situation.state is State.LICENSED


def test_window_that_is_refused_leaves_the_others_open(pc, network, clock):
    key = make_pool(1)
    pc.set_policy(key, network.url)
    licence.open_licence(PROGRAM)
    sessions.release(ClientSession.objects.get(), by=TESTER)
    make_session(key)
    clock.shift(400)
    licence.look(PROGRAM)

    another = pc.run("open")

    assert (another.returncode, another.stdout.partition(":")[0]) == (
        3, "Not enough licences are available",
    )  # fmt: skip
    assert licence.look(PROGRAM).situation.is_open


def test_replaced_key_is_taken_up_at_the_next_start(key, pc, network):
    pc.run("open")
    new, plain = keys.reissue(key, by=TESTER, reason="Leaked")
    new.plain = plain
    running = pc.run("status")
    pc.set_policy(new, network.url)
    told = pc.run("status")
    pc.run("close")
    again = pc.run("open")

    assert running.stdout == "You have a licence.\n"
    assert "A new product key has been set." in told.stdout
    assert again.stdout == "You have a licence.\n"
    assert ClientSession.objects.active().get().key.serial_number == new.serial_number


def test_old_key_no_longer_opens(key, pc):
    pc.run("open")
    pc.run("close")
    keys.reissue(key, by=TESTER, reason="Leaked")

    refused = pc.run("open")

    assert refused.returncode == 3
    assert refused.stdout.startswith("This product key has been replaced. Enter the new one")
    assert "Ask Priya Shah.\nReference: " in refused.stdout


def test_key_replaced_after_a_crash_leaves_no_seat_behind(key, pc, network):
    pc.run("--pid", str(os.getpid()), "open")
    other = make_pool(1)
    forget_holders(pc)
    pc.set_policy(other, network.url)

    pc.run("open")

    assert (in_use(key), in_use(other)) == (0, 1)


def forget_holders(pc):
    """As if every process that held the session had been killed."""
    text = pc.store.read_text()
    pc.store.write_text(text.replace(f'"pid": {os.getpid()}', '"pid": 1'))


def test_store_is_its_user_s_alone_and_holds_no_product_key(key, pc):
    pc.run("open")

    assert stat.S_IMODE(pc.store.stat().st_mode) == 0o600
    assert stat.S_IMODE(pc.store.parent.stat().st_mode) == 0o700
    assert key.plain not in pc.store.read_text()


def test_torn_store_is_set_aside_and_no_second_seat_is_taken(key, pc):
    pc.run("open")
    pc.store.write_text(pc.store.read_text()[:200])

    again = pc.run("open")

    assert again.stdout == "You have a licence.\n"
    assert "could not be read. It was set aside" in again.stderr
    assert pc.store.with_name(f"{pc.store.name}.torn").exists()
    assert in_use(key) == 1


def test_doctor_finds_all_well_and_tells_no_secret(key, pc):
    pc.run("open")

    told = pc.run("doctor")

    assert told.returncode == 0, told.stdout
    assert "The service answers 200 and has 1 public keys." in told.stdout
    assert "ServiceUrl = http://127.0.0.1" in told.stdout
    assert key.plain not in told.stdout
    assert ClientSession.objects.get().pk.hex not in told.stdout


def test_doctor_finds_a_captive_portal(key, pc, network):
    network.mood = "captive portal"

    told = pc.run("doctor")

    assert told.returncode == 1
    assert "BAD Something else answers (200)" in told.stdout
