"""The C++ client of the examples, built for this system and for Windows (MinGW, run by Wine).

Both are tried with the conformance kit and with the server.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from licensing import sessions
from licensing.models import ClientSession
from portal.deployment import registry_file
from portal.deployment.values import Deployment, Scope
from tests.client import cpp, vectors, verdicts
from tests.factories import TESTER, make_pool, make_session

LEFT_OUT = {
    "unicode folding (NFKC)",
    "several processes",
    "remote sessions",
    "move",
    "optional features",
    "features at run time",
    "notice of a new key",
}
NOT_OURS = {"files", "stores", "typed"}


class Here:
    """The example as a program of this system."""

    def __init__(self, program: Path) -> None:
        self.program = program

    def start(self, *words: str | Path) -> subprocess.Popen[bytes]:
        """Run it, with pipes to talk to it."""
        command = [self.program, *words]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """What it printed and returned."""
        return subprocess.run([self.program, *words], capture_output=True, text=True, timeout=60)


class OnWindows:
    """The example as a program of Windows; it is run like one of this system."""

    def __init__(self, program: Path, windows) -> None:
        self.program = program
        self.windows = windows

    def start(self, *words: str | Path) -> subprocess.Popen[bytes]:
        """Run it, with pipes to talk to it."""
        return self.windows.start(self.program, *words)

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """What it printed and returned."""
        return self.windows.run(self.program, *words)


@pytest.fixture
def here():
    """Built with the compiler that is there."""
    return Here(made_by(cpp.for_here))


@pytest.fixture
def on_windows(windows_python):
    """Built with MinGW, and with the OpenSSL that Python for Windows brings along."""
    return OnWindows(made_by(cpp.for_windows), windows_python)


def made_by(build):
    """The program; a test that needs it is skipped where it cannot be built."""
    try:
        return build()
    except cpp.CannotBuild as why:
        pytest.skip(f"The C++ example was not built: {why}")


@pytest.fixture(params=["here", "on_windows"])
def example(request):
    """The program, here and on Windows."""
    return request.getfixturevalue(request.param)


@pytest.mark.slow
def test_example_passes_the_kit(example):
    told = example.run("vectors", vectors.FOLDER)

    assert told.stdout.endswith(f" 0 failed, {len(skipped())} skipped\n"), told.stdout
    assert int(told.stdout.split()[0]) == len(cases()) - len(skipped())


def cases():
    """The cases of the kit; the example has a store of its own, and lets nobody type keys."""
    files = [file for file in verdicts.FILES if file not in NOT_OURS]
    return [case for file in files for case in vectors.read(file)["cases"]]


def skipped():
    """Those that need what the example says that it leaves out."""
    return [case for case in cases() if case.get("needs") in LEFT_OUT]


@pytest.mark.slow
def test_example_s_run_of_the_kit_can_fail(here, tmp_path):
    for file in (*verdicts.FILES, "play"):
        kit = vectors.read(file)
        if file == "leases":
            kit["cases"][0]["expect"] = "over"
        if file == "starts":
            kit["cases"][0]["steps"][0]["exchanges"][0]["sent"]["line"] = "POST /elsewhere"
        (tmp_path / f"{file}.json").write_text(json.dumps(kit))

    told = here.run("vectors", tmp_path)

    assert told.returncode == 1
    assert "leases: a lease that runs: runs, not over\n" in told.stdout
    assert "starts: the first start: open at 1795500000: " in told.stdout
    assert " 2 failed, " in told.stdout


@pytest.mark.slow
def test_example_holds_a_session_of_the_server(example, live_server, transactional_db):
    key = make_pool(1)

    with example.start(
        "session", live_server.url, key.serial_number, 'CAD-"017"', "ACME\\Jürgen"
    ) as program:
        opened, offline = say(program, key.plain), program.stdout.readline().decode()
        held = ClientSession.objects.active().get()
        refreshed = say(program, "refresh")
        sessions.release(held, by=TESTER)
        released = say(program, "refresh")
        program.stdin.close()

    assert opened == refreshed == ["licensed", str(held.pk)]
    assert (held.machine_name, held.username) == ('CAD-"017"', "ACME\\Jürgen")
    assert offline.startswith("offline until ")
    assert released == ["released", "session_released"]


def test_example_s_late_close_ends_nothing(here, live_server, transactional_db):
    """It ends and starts without a network, and finds its own session again."""
    key = make_pool(1)

    with here.start("session", live_server.url, key.serial_number, "CAD-017", "jsmith") as program:
        opened = say(program, key.plain)
        program.stdout.readline()
        offline = say(program, "lose\nrestart")
        back = say(program, "refresh")
        refreshed = say(program, "refresh")
        active = ClientSession.objects.active().count()
        program.stdin.close()

    assert offline == ["unreachable", "unreachable"]
    assert opened == back == refreshed
    assert (active, ClientSession.objects.active().count()) == (1, 0)


def test_example_leaves_no_seat_behind_when_the_answer_is_lost(here, network):
    key = make_pool(1)
    network.mood = "one way"

    with here.start("session", network.url, key.serial_number, "CAD-017", "jsmith") as program:
        refused = say(program, key.plain)
        taken = ClientSession.objects.active().count()
        network.mood = "working"
        say(program, "look")
        left = ClientSession.objects.active().count()
        program.stdin.close()

    assert refused == ["denied", "unreachable"]
    assert (taken, left) == (1, 0)


def test_example_says_what_a_refusal_adds(here, live_server, transactional_db):
    key = make_pool(1)
    make_session(key)

    with here.start("session", live_server.url, key.serial_number, "CAD-017", "jsmith") as program:
        refused = say(program, key.plain)
        program.stdin.close()
        facts = program.stdout.read().decode()

    assert refused == ["denied", "pool_exhausted"]
    assert '  scope: "licence"\n' in facts
    assert "  seats: 1\n  in_use: 1\n" in facts


def say(program, line: str) -> list[str]:
    """The words of what a program answers to one line."""
    program.stdin.write(f"{line}\n".encode())
    program.stdin.flush()
    return program.stdout.readline().decode().split()


def test_example_starts_as_a_program_of_windows_does(on_windows, network, tmp_path):
    """Its policy from the registry, a lease that it keeps, and the time without a network."""
    key, store = make_pool(1), tmp_path / "licence.json"
    deployment = Deployment(
        serial_number=key.serial_number,
        product_key=key.plain,
        service_url=network.url,
        licence_name="London",
        scope=Scope.USER,
        contact_text="Ask Łukasz",
    )
    on_windows.windows.import_file(registry_file.setting(deployment), tmp_path)

    opened = on_windows.run("open", store)
    network.mood = "captive portal"
    offline = on_windows.run("open", store)
    kept = store.read_text(encoding="utf-8")
    store.write_text(kept[:-20])
    torn = on_windows.run("open", store)

    session = ClientSession.objects.active().get()
    device = json.loads((tmp_path / "device.json").read_text(encoding="utf-8"))
    assert session.device_id == device["device_id"] != ""
    assert device["machine"] != ""
    assert opened.stdout.splitlines() == [
        "AllowUserEntry from user policy: 1",
        "ContactText from user policy: Ask Łukasz",
        "ProductKey from user policy",
        f"SerialNumber from user policy: {key.serial_number}",
        f"ServiceUrl from user policy: {network.url}",
        f"licensed {session.pk} ",
    ]
    assert offline.stdout.endswith(f"unreachable {session.pk} captive_portal\n")
    assert torn.stdout.endswith("denied  captive_portal\n")
    assert (offline.returncode, torn.returncode) == (0, 3)
    assert (tmp_path / "licence.json.unusable").read_text(encoding="utf-8") == kept[:-20]
    assert key.plain not in kept
