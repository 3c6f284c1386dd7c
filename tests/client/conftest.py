"""A desktop of its own, the real server, and a network between them that can be lost."""

from __future__ import annotations

import ctypes
import time
from pathlib import Path

import pytest
import time_machine

from tests.client import cpp
from tests.client.computers import PC
from tests.client.driven import made_by
from tests.client.network import Network
from tests.factories import make_pool


@pytest.fixture
def network(live_server, transactional_db):
    """The way to the server."""
    made = Network(live_server.url)
    yield made
    made.close()


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


@pytest.fixture(scope="session")
def installed() -> Path:
    """Where the package is."""
    return made_by(cpp.package)


@pytest.fixture(scope="session")
def programs() -> Path:
    """Where the examples are that use the package."""
    return made_by(cpp.examples)


@pytest.fixture
def library(installed):
    """The C interface."""
    loaded = ctypes.CDLL(str(installed / "lib" / "libcloud_licence.so"))
    loaded.cl_version.restype = ctypes.c_char_p
    return loaded
