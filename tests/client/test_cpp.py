"""The C++ library and the server: on this system, and on Windows (MinGW, run by Wine).

Here it runs with sanitizers, so that a leak or what C++ leaves undefined fails it too.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from licensing import sessions
from licensing.models import ClientSession
from portal.deployment import registry_file
from portal.deployment.values import Deployment, Scope
from tests.client import cpp
from tests.client.driven import VERSION, made_by, running
from tests.client.granting import Grants
from tests.factories import TESTER, make_pool, make_session, make_single_user

LONGEST_OPENING = 60
"""Milliseconds, beside what it waits for the service."""
CYCLES = 150


@pytest.fixture
def library():
    """The program of this system."""
    return made_by(cpp.kit_here)


@pytest.fixture
def program(library, pc):
    """One that runs on the computer."""
    with running(library, "program", VERSION) as made:
        yield made
        made.end()


def test_holds_a_session_until_it_is_released(program, key):
    opened = program.say("open")
    held = ClientSession.objects.active().get()
    refreshed = program.state("later 300")
    sessions.release(held, by=TESTER)
    released = program.state("later 300")
    anew = program.state("later 30")
    closed = program.state("close")

    assert opened[:2] == [f"licensed open - {held.pk}", "You have a licence."]
    assert refreshed == "licensed open -"
    assert released == "released open session_released"
    assert anew == "licensed open -"
    assert closed == "starting shut -"
    assert not ClientSession.objects.active().exists()


def test_names_of_all_letters_are_sent_and_kept(library, pc, key):
    names = {"KIT_MACHINE": 'CAD-"017"', "KIT_USER": "ACME\\Jürgen"}

    with running(library, "program", VERSION, **names) as program:
        opened = program.state("open")
        held = ClientSession.objects.active().get()
        program.say("close")
        program.end()

    assert opened == "licensed open -"
    assert (held.machine_name, held.username) == ('CAD-"017"', "ACME\\Jürgen")


def test_works_offline_and_finds_its_session_again(program, key, network):
    program.say("open")
    session = ClientSession.objects.active().get()
    network.mood = "captive portal"
    offline = program.say("later 300")
    closed = program.state("close")
    open_offline = program.state("open")
    network.mood = "working"
    back = program.say("later 60")[0]

    assert offline[0] == f"unreachable open captive_portal {session.pk}"
    assert "Something other than the licensing service answered" in offline[1]
    assert closed == "starting shut -"
    assert open_offline == "unreachable open captive_portal"
    assert back == f"licensed open - {session.pk}"


def test_leaves_no_seat_behind_when_the_answer_is_lost(program, key, network):
    network.mood = "one way"
    refused = program.state("open")
    taken = ClientSession.objects.active().count()
    network.mood = "working"
    program.say("look")

    assert refused == "denied shut unreachable"
    assert (taken, ClientSession.objects.active().count()) == (1, 0)


def test_says_why_it_is_refused_in_the_language_of_the_user(library, pc, key):
    make_session(key)

    with running(library, "program", VERSION, LC_ALL="de_DE.UTF-8") as program:
        refused = program.say("open")
        program.end()

    assert refused[0] == "denied shut pool_exhausted -"
    assert refused[1].startswith("Es sind nicht genügend Lizenzen verfügbar")


def test_shares_its_store_and_session_with_the_reference_client(program, pc, key):
    """A user may run programs of both; the last that closes gives the seat back."""
    opened = pc.run("open")
    shared = program.state("open")
    seats = ClientSession.objects.active().count()
    pc.run("close")
    still = ClientSession.objects.active().count()
    program.say("close")

    assert opened.returncode == 0
    assert shared == "licensed open -"
    assert (seats, still, ClientSession.objects.active().count()) == (1, 1, 0)


def test_moves_a_licence(program, pc, network):
    pc.set_policy(make_single_user(), network.url)
    program.say("open")

    moved = program.state("move")

    assert moved == "starting shut -"
    assert not ClientSession.objects.active().exists()


def test_takes_a_feature_only_if_it_is_licensed(program, key):
    program.say("open")

    refused = program.say("take 4d")
    after = program.state("look")

    assert refused[0].startswith("denied shut feature_not_licensed")
    assert after == "licensed open -"


def test_a_store_that_cannot_be_used_is_set_aside(program, pc, key):
    program.say("open")
    pc.store.write_text(pc.store.read_text()[:-20])

    torn = program.say("open")

    assert torn[0].startswith("licensed open -")
    assert f"It was set aside as {pc.store}.torn." in torn[2]
    assert Path(f"{pc.store}.torn").exists()


def test_a_store_that_cannot_be_written_is_told_in_the_user_s_words(library, pc, key):
    (pc.home / "file").write_text("")

    no_folder = {"XDG_STATE_HOME": str(pc.home / "file"), "LC_ALL": "de_DE.UTF-8"}
    with running(library, "program", VERSION, **no_folder) as program:
        opened = program.say("open")
        program.say("close")
        program.end()

    assert opened[0].startswith("licensed open -")
    assert opened[2] == (
        f"Was über Ihre Lizenz bekannt ist, ließ sich in {pc.home}/file/elecosoft/powerproject "
        "nicht speichern: wo ein Ordner sein müsste, liegt eine Datei."
    )


def test_nobody_but_the_user_can_read_the_store_and_it_has_no_product_key(program, pc, key):
    program.say("open")

    modes = {path.stat().st_mode & 0o777 for path in pc.store.parent.iterdir()}

    assert modes == {0o600}
    assert pc.store.parent.stat().st_mode & 0o777 == 0o700
    assert key.plain not in pc.store.read_text()


def test_doctor_reports_without_secrets(program, pc, key, network):
    program.say("open")

    lines = ["\t".join(program.say("doctor"))]
    while lines[-1] != ".":
        lines.append("\t".join(program.answer()))
    report = "\n".join(lines)

    assert f"    ServiceUrl = {network.url} (machine policy)" in lines
    assert f"    ProductKey = ****{key.plain[-4:]} (machine policy)" in lines
    assert any(line.startswith("ok  The service answers 200 and has ") for line in lines)
    assert "BAD" not in report
    assert key.plain not in report
    assert json.loads(pc.store.read_text())["situation"]["session"]["token"] not in report


@pytest.mark.slow
def test_killed_at_any_moment_it_takes_no_second_seat(library, pc, key, network):
    """Twelve runs on one computer, each killed after its last line; the network comes and goes."""
    moods = ("working", "one way", "lost", "working", "captive portal", "bad gateway")
    seats = []
    for run, mood in enumerate(moods * 2):
        network.mood = mood
        with running(library, "program", VERSION, killed=True) as program:
            for line in ("open", "later 300", "later 30")[: 1 + run % 3]:
                program.say(line)
            seats.append(ClientSession.objects.active().count())
            program.running.kill()

    network.mood = "working"
    with running(library, "program", VERSION) as program:
        opened, back = program.state("open"), program.state("close")
        program.end()

    assert max(seats) == 1
    assert (opened, back) == ("licensed open -", "starting shut -")
    assert not ClientSession.objects.active().exists()


@pytest.mark.slow
def test_opens_and_closes_again_and_again_and_leaves_nothing_behind(library, pc, tmp_path):
    """Neither in memory, which the sanitizer looks at as it ends, nor on disk."""
    with Grants() as service:
        pc.set_policy(SimpleNamespace(serial_number="1", plain="2"), service.url)

        told = subprocess.run([library, "cycles", str(CYCLES)], capture_output=True, text=True)

    assert told.returncode == 0, told.stderr
    took = re.match(rf"{CYCLES} opened, ([\d.]+) ms of its own each", told.stdout)
    assert took, told.stdout
    assert float(took[1]) < LONGEST_OPENING
    assert {path.suffix for path in pc.store.parent.iterdir()} == {".json", ".lock"}


@pytest.mark.slow
def test_starts_as_a_program_of_windows_does(windows_python, network, tmp_path):
    """Its policy from the registry, a lease that it keeps, and the time without a network."""
    windows, library, key = windows_python, made_by(cpp.kit_for_windows), make_pool(1)
    deployment = Deployment(
        serial_number=key.serial_number,
        product_key=key.plain,
        service_url=network.url,
        licence_name="London",
        scope=Scope.USER,
        contact_text="Ask Łukasz",
    )
    windows.import_file(registry_file.setting(deployment), tmp_path)

    opened = windows.run(library, "program", VERSION, text="open\ndoctor\n").stdout
    session = ClientSession.objects.active().get()
    network.mood = "captive portal"
    offline = windows.run(library, "program", VERSION, text="open\nclose\n").stdout

    assert opened.startswith(f"licensed open - {session.pk}\tYou have a licence.\t\n")
    assert "    ContactText = Ask Łukasz (user policy)\n" in opened
    assert session.device_id != ""
    assert offline.startswith(f"unreachable open captive_portal {session.pk}\t")
