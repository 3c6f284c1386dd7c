import os
import socket

import pytest

from devstack import ports
from devstack.errors import StackError


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_free_port_is_accepted():
    ports.require_free(ports.free())


def test_a_taken_port_is_refused_and_its_holder_named(listening):
    with pytest.raises(
        StackError, match=rf"Port {listening} is already used by process {os.getpid()} "
    ):
        ports.require_free(listening)


def test_a_port_whose_holder_would_share_it_is_refused():
    """The web server would start beside it, and each would answer half of the requests."""
    server = socket.create_server(("127.0.0.1", 0), reuse_port=True)

    with server, pytest.raises(StackError, match="already used"):
        ports.require_free(server.getsockname()[1])


def test_a_port_taken_on_all_addresses_is_refused():
    server = socket.create_server(("0.0.0.0", 0))

    with server, pytest.raises(StackError, match="already used"):
        ports.require_free(server.getsockname()[1])
