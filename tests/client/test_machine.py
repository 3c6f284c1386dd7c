"""Who a session is, and which processes are alive."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cloud_licence import machine

WORKSTATION, SERVER = 1, 3


@pytest.mark.parametrize(
    ("session_name", "product_type", "sent"),
    [
        ("ICA-tcp#4", SERVER, "7"),
        ("ICA-tcp#4", WORKSTATION, "7"),
        ("RDP-Tcp#12", SERVER, "7"),
        ("RDP-Tcp#12", WORKSTATION, ""),
        ("Console", SERVER, ""),
        ("", WORKSTATION, ""),
    ],
)
def test_session_number_is_sent_where_many_share_a_machine(session_name, product_type, sent):
    environment = {"SESSIONNAME": session_name}

    assert machine.remote_session(environment, product_type, 7) == sent


def test_process_is_alive_until_it_ends():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        held = machine.holder(process.pid)
        before = machine.is_alive(held)
        process.communicate(b"\n")

    assert (before, machine.is_alive(held)) == (True, False)


def test_another_process_of_the_same_number_is_not_the_holder():
    held = machine.Holder(os.getpid(), "another boot 123")

    assert not machine.is_alive(held)
