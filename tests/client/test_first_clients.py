"""Clients of the first round, as they are installed out there, and the service of today."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from licensing import keys
from licensing.models import ClientSession
from tests.client.clients import PACKAGE, Client
from tests.client.computers import PC
from tests.client.seats import in_use
from tests.factories import TESTER, make_client, make_pool, make_session, make_single_user

WHEEL = Path(__file__).parent / "first_round" / "cloud_licence-0.1.0-py3-none-any.whl"
OPEN = "You have a licence.\n"


class FirstPC(PC):
    """A computer on which the client of the first round is installed."""

    client: Client

    def run(self, *arguments, **options):
        """What its command printed and returned, asked here like that of a client of today."""
        with self.client.at_work():
            self.client.begin_anew()
            return self.run_by(self.client.command.main, *arguments, **options)

    @property
    def store(self) -> Path:
        """Where it keeps what it knows."""
        return next((self.home / "state").rglob("licence-*.json"))

    @property
    def code(self) -> str:
        """The code of the last refusal, as it understood it."""
        return json.loads(self.store.read_text())["situation"]["code"]

    def let_time_pass(self):
        """As if it were time to ask the service again."""
        text = re.sub(r'"talk_at": [\d.]+', '"talk_at": 1.0', self.store.read_text())
        self.store.write_text(text)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Where the client of the first round is installed."""
    folder = tmp_path_factory.mktemp("installed")
    zipfile.ZipFile(WHEEL).extractall(folder)
    return folder


@pytest.fixture
def first(pc, installed):
    """A computer with the client of the first round."""
    made = FirstPC(pc.home)
    made.client = Client(folder=installed / PACKAGE)
    return made


@pytest.fixture
def key(network, first):
    """The key of a pool of two seats, rolled out to the computer."""
    made = make_pool(2)
    first.set_policy(made, network.url)
    return made


def test_the_client_that_runs_is_the_first(key, first, installed):
    first.run("open")

    files = {Path(module.__file__).parent for module in first.client.modules.values()}
    assert files == {installed / PACKAGE}


def test_opens_and_gives_back_as_a_process_of_its_own(key, first, installed):
    opened = first.run_apart("open", cwd=installed)
    held = in_use(key)
    first.run_apart("close", cwd=installed)

    assert (opened.stdout, opened.stderr) == (OPEN, "")
    assert (held, in_use(key)) == (1, 0)


@pytest.mark.slow
def test_enters_a_key_opens_refreshes_and_gives_back(first, network):
    key = make_pool(1)
    first.run("enter", input=f"{key.serial_number}\n{key.plain}\n")
    path = first.home / "etc/xdg/elecosoft/powerproject/licensing.conf"
    path.parent.mkdir(parents=True)
    path.write_text(f"ServiceUrl = {network.url}\n")

    opened = first.run("open")
    before = ClientSession.objects.get()
    first.let_time_pass()
    refreshed = first.run("status")
    after = ClientSession.objects.get()
    first.run("close")

    assert (opened.stdout, opened.stderr, refreshed.stdout) == (OPEN, "", OPEN)
    assert after.refreshed_at > before.refreshed_at
    assert (after.pk, in_use(key)) == (before.pk, 0)


def test_goes_on_with_its_seat_after_a_crash(key, first):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as program:
        first.run("--pid", str(program.pid), "open")
        program.kill()
    held = ClientSession.objects.active().get()

    again = first.run("open")

    assert again.stdout == OPEN
    assert ClientSession.objects.get().pk == held.pk


def test_is_told_that_a_pool_is_full(key, first):
    make_session(key)
    make_session(key)

    refused = first.run("open")

    assert (refused.returncode, first.code) == (3, "pool_exhausted")
    assert refused.stdout.startswith("Not enough licences are available: all of them are in use.")
    assert "\nReference: " in refused.stdout


@pytest.mark.slow
def test_works_offline_and_is_back(key, first, network):
    first.run("open")
    network.mood = "lost"
    first.run("close")
    offline = first.run("open")
    held = in_use(key)
    network.mood = "working"
    first.let_time_pass()
    back = first.run("status")
    first.run("close")

    assert "You can work offline until" in offline.stdout
    assert (held, back.stdout, in_use(key)) == (1, OPEN, 0)


@pytest.mark.slow
def test_has_the_features_that_it_needs_or_is_told_why_not(first, network):
    key = make_pool(2, features=["bim:1"])
    first.set_policy(key, network.url)
    make_session(key, make_client(features=("bim",)))

    full = first.run("--feature", "bim", "open")
    code_of_full = first.code
    unknown = first.run("--feature", "4d", "open")
    code_of_unknown = first.code
    without = first.run("open")

    assert (full.returncode, code_of_full) == (3, "pool_exhausted")
    assert (unknown.returncode, code_of_unknown) == (3, "feature_not_licensed")
    assert without.stdout == OPEN


@pytest.mark.slow
def test_moves_a_single_user_licence(first, network):
    key = make_single_user()
    first.set_policy(key, network.url)
    first.run("open")

    moved = first.run("move")

    assert moved.stdout == "The licence can now be used on another device.\n"
    make_session(key)


def test_is_told_that_its_key_was_replaced_and_opens_with_the_new_one(key, first, network):
    new, plain = keys.reissue(key, by=TESTER, reason="Leaked")
    new.plain = plain

    refused = first.run("open")
    code = first.code
    first.set_policy(new, network.url)
    opened = first.run("open")

    assert (refused.returncode, code) == (3, "key_superseded")
    assert refused.stdout.startswith("This product key has been replaced. Enter the new one")
    assert opened.stdout == OPEN


@pytest.mark.slow
def test_is_updated_after_a_crash_and_keeps_its_seat(first, pc, network):
    """The last seat of a pool: the updated client is the same to the service as the first."""
    key = make_pool(1)
    pc.set_policy(key, network.url)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as program:
        first.run("--pid", str(program.pid), "open")
        program.kill()
    held = ClientSession.objects.active().get()

    updated = pc.run_apart("run", "--", sys.executable, "-c", "")
    again = pc.run("open")

    assert (updated.returncode, updated.stderr) == (0, OPEN)
    assert ClientSession.objects.ended().get().pk == held.pk
    assert again.stdout == OPEN
    assert (held.device_id, ClientSession.objects.active().get().device_id != "") == ("", True)
