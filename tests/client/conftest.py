"""A desktop of its own, the real server, and a network between them that can be lost."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
import time_machine

from cloud_licence import machine, store
from cloud_licence.desk import Program
from tests.client.network import Network
from tests.factories import make_pool

PROGRAM = Program(version="16.0.02", language="en")


@pytest.fixture
def network(live_server, transactional_db):
    """The way to the server."""
    made = Network(live_server.url)
    yield made
    made.close()


class PC:
    """One user's computer, with nothing installed but the client."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def set_policy(self, key, url: str, **values: str) -> None:
        """What the IT department rolls out."""
        values = {
            "SerialNumber": key.serial_number,
            "ProductKey": key.plain,
            "ServiceUrl": url,
        } | values
        path = self.home / "etc/elecosoft/powerproject/licensing.policy"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{name} = {value}\n" for name, value in values.items()))

    @property
    def store(self) -> Path:
        """Where the client keeps what it knows."""
        return store.place("Elecosoft", "Powerproject", machine.identity().machine_name, "")

    def command(self, *arguments: str) -> list[str]:
        """The command line of the client."""
        return [sys.executable, "-m", "cloud_licence", *arguments]

    def run(self, *arguments: str, **options) -> subprocess.CompletedProcess[str]:
        """What the command printed and returned."""
        return subprocess.run(
            self.command(*arguments), capture_output=True, text=True, timeout=60, **options
        )


@pytest.fixture
def pc(tmp_path, monkeypatch):
    """A computer whose folders are all empty."""
    monkeypatch.setenv("CLOUD_LICENCE_ETC", str(tmp_path / "etc"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("XDG_CONFIG_DIRS", raising=False)
    return PC(tmp_path)


@pytest.fixture
def clock():
    """The computer's clock, which a test moves on."""
    with time_machine.travel(time.time(), tick=True) as traveller:
        yield traveller


@pytest.fixture
def key(network, pc):
    """The key of a pool of one seat, rolled out to the computer."""
    made = make_pool(1)
    pc.set_policy(made, network.url)
    return made
