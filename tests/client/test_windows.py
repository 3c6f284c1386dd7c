"""The client on Windows: its registry, its store, its processes, and the real server."""

from __future__ import annotations

import contextlib
import json
import subprocess

import pytest

from licensing.models import ClientSession
from portal.deployment import registry_file
from portal.deployment.values import Deployment
from tests.factories import make_pool
from tests.windows import INTERNET_SETTINGS, PREFIX, PYTHON, STORE
from tests.windows import registry_file as registry_file_of


class PC:
    """A computer with Windows to which a policy was rolled out."""

    def __init__(self, windows, folder) -> None:
        self.windows = windows
        self.folder = folder

    def roll_out(self, key, url: str) -> None:
        """Import the file that the portal makes."""
        deployment = Deployment(
            serial_number=key.serial_number,
            product_key=key.plain,
            service_url=url,
            licence_name="London",
        )
        self.windows.import_file(registry_file.setting(deployment), self.folder)

    def client(self, *words: str) -> subprocess.CompletedProcess[str]:
        """What the client printed and returned."""
        return self.windows.python("-m", "cloud_licence", *words)

    @contextlib.contextmanager
    def program(self):
        """The process id of a program that runs, and is killed at the end."""
        waiting = "import os, sys; print(os.getpid(), flush=True); sys.stdin.read()"
        with self.windows.start(PYTHON, "-c", waiting) as running:
            yield running.stdout.readline().decode().strip()
            running.kill()

    def kept(self) -> dict:
        """What the client keeps."""
        (store,) = PREFIX.glob(f"{STORE}/Powerproject/licence-*.json")
        return json.loads(store.read_text(encoding="utf-8"))


@pytest.fixture
def pc(windows_python, tmp_path):
    """A computer with Windows."""
    return PC(windows_python, tmp_path)


def test_a_killed_program_keeps_its_seat_and_opens_offline(pc, network):
    key = make_pool(1)
    pc.roll_out(key, network.url)

    with pc.program() as pid:
        opened = pc.client("--pid", pid, "open")
        held = pc.kept()["holders"]
    with pc.program() as pid:
        again = pc.client("--pid", pid, "open")
        network.mood = "lost"
        gone_on = pc.kept()["holders"]
    with pc.program() as pid:
        offline = pc.client("--pid", pid, "open")
        closed = pc.client("--pid", pid, "close")

    session = ClientSession.objects.active().get()  # the close waits for the network
    assert (opened.returncode, again.returncode, closed.returncode) == (0, 0, 0)
    assert len(held) == len(gone_on) == 1
    assert held != gone_on
    assert "offline" in offline.stdout
    assert pc.kept()["closes"][0]["session"]["id"] == str(session.pk)
    assert key.plain not in json.dumps(pc.kept())


def test_running_a_program_gives_the_seat_back(pc, network):
    pc.roll_out(make_pool(1), network.url)

    ended = pc.client("run", "--", str(PYTHON), "-c", "raise SystemExit(7)")

    assert ended.returncode == 7
    assert ClientSession.objects.get().ended_at


def test_doctor_says_whose_proxy_it_is_and_that_a_script_is_not_read(pc, network):
    network.mood = "bad gateway"  # the tests' server is no proxy
    pc.roll_out(make_pool(1), "http://licensing.invalid")
    proxy = network.url.removeprefix("http://")
    lines = f'"ProxyServer"="{proxy}"', '"AutoConfigURL"="http://wpad.example/proxy.pac"'
    switch = [f"[{INTERNET_SETTINGS}]", '"ProxyEnable"=dword:00000001']
    pc.windows.import_file(registry_file_of(*switch, *lines), pc.folder)

    told = pc.client("--pid", "1", "doctor").stdout

    assert f"    http://licensing.invalid, by the proxy {proxy} (the system's settings)\n" in told
    assert "A proxy script is set: http://wpad.example/proxy.pac. It is not read;" in told
    assert "GET http://licensing.invalid/healthz HTTP/1.1" in network.requests
