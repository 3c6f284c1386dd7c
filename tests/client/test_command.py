"""The command at one computer: processes that share a seat, moves, replaced keys, the doctor."""

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
from tests.client.computers import PROGRAM
from tests.client.seats import in_use
from tests.factories import TESTER, make_pool, make_session, make_single_user


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


def test_seat_is_held_for_whoever_called(key, pc):
    pc.run_apart("open")

    told = pc.run_apart("status")

    assert (told.returncode, told.stdout, in_use(key)) == (0, "You have a licence.\n", 1)


@pytest.mark.slow
def test_killed_program_opens_again_with_the_seat_that_it_has(key, pc):
    command = pc.command("run", "--", sys.executable, "-c", "print('open', flush=True); input()")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as killed:
        assert killed.stdout.readline() == b"open\n"
        killed.send_signal(signal.SIGKILL)
        killed.stdin.close()
    held = ClientSession.objects.active().get()

    meanwhile = pc.run("status")
    again = pc.run_apart("run", "--", sys.executable, "-c", "")

    assert meanwhile.stdout == "The program is not open.\n"
    assert again.returncode == 0
    assert ClientSession.objects.get().pk == held.pk
    assert in_use(key) == 0


@pytest.mark.census
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_program_that_is_ended_from_outside_gives_its_seat_back(key, pc, number):
    command = pc.command("run", "--", sys.executable, "-c", "print('open', flush=True); input()")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as ended:
        assert ended.stdout.readline() == b"open\n"
        held = in_use(key)
        ended.send_signal(number)

    assert (held, in_use(key), ended.returncode) == (1, 0, 128 + number)


def test_program_runs_and_its_end_is_the_command_s(key, pc):
    assert pc.run_apart("run", "--", sys.executable, "-c", "raise SystemExit(7)").returncode == 7
    assert in_use(key) == 0


def test_seat_is_given_back_though_nothing_can_be_written(key, pc, monkeypatch):
    (pc.home / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(pc.home / "file"))

    ran = pc.run_apart("run", "--", sys.executable, "-c", "")

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


def test_typed_again_it_asks_at_once_though_it_is_open_offline(key, pc, network):
    pc.run("open")
    pc.run("close")
    network.mood = "captive portal"
    offline = pc.run("open")
    network.mood = "working"
    waits = pc.run("status")

    again = pc.run("open")

    assert offline.stdout == waits.stdout != again.stdout == "You have a licence.\n"
    assert in_use(key) == 1


def test_says_what_is_missing(pc):
    said = pc.run("open").stdout

    assert said.startswith("There is no serial number and product key yet.")
    assert "cloud-licence enter" in said


def test_program_that_is_refused_is_not_started(pc, network):
    key = make_pool(1)
    make_session(key)
    pc.set_policy(key, network.url)

    refused = pc.run_apart("run", "--", sys.executable, "-c", "print('started')")

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


def test_old_key_no_longer_opens(key, pc, network):
    pc.set_policy(key, network.url, ContactText="Ask Priya Shah.")
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
    desk.HELD.clear()
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
