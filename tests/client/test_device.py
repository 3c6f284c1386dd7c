"""The id of an installation: made once, kept, and not shared with a clone."""

from __future__ import annotations

import json
import stat
from dataclasses import replace

import pytest

from cloud_licence import device, machine
from cloud_licence import program as licence
from licensing.models import ClientSession
from tests.client.computers import PROGRAM
from tests.factories import make_pool

NOBODY = 2**22 + 1
"""The id of no process."""


@pytest.fixture
def path(tmp_path):
    """Where the id is kept."""
    return tmp_path / "state" / "device.json"


def test_is_made_once_and_kept(path):
    first = device.kept(path, "machine", "fresh")

    assert (first, device.kept(path, "machine", "another")) == ("fresh", "fresh")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "machine" not in json.loads(path.read_text())["machine"]


def test_clone_makes_one_of_its_own(path):
    device.kept(path, "machine", "fresh")

    assert device.kept(path, "clone", "another") == "another"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"device_id": 5, "machine": ""}',
        '{"device_id": "\\ud800", "machine": "half a letter"}',
    ],
)
def test_file_that_makes_no_sense_is_made_anew(path, text):
    path.parent.mkdir()
    path.write_text(text)

    assert device.kept(path, "machine", "fresh") == "fresh"


def test_machine_that_does_not_say_who_it_is_keeps_its_id(path):
    device.kept(path, "machine", "fresh")

    assert device.kept(path, "", "another") == "fresh"


def test_is_not_made_up_each_time_where_it_cannot_be_kept(tmp_path):
    (tmp_path / "file").write_text("")

    assert device.kept(tmp_path / "file" / "device.json", "machine", "fresh") == ""


def test_goes_with_each_check_out_and_is_another_on_a_clone(pc, network):
    pc.set_policy(make_pool(2), network.url)
    (pc.home / "etc/machine-id").write_text("first\n")
    sent = []
    for name in ("first", "first", "clone"):
        (pc.home / "etc/machine-id").write_text(f"{name}\n")
        licence.open_licence(PROGRAM)
        licence.close(PROGRAM)
        body = next(each for each in reversed(network.sent) if b'"device_id"' in each)
        sent.append(json.loads(body.partition(b"\r\n\r\n")[2])["device_id"])

    assert sent[0] == sent[1] != sent[2]


@pytest.mark.parametrize("os_session", ["", "2"])
def test_clone_leaves_the_original_its_seat(pc, network, monkeypatch, os_session):
    """Also where another remote session of the clone has made the clone's id already."""
    pc.set_policy(make_pool(3), network.url)
    original = replace(PROGRAM, holder=NOBODY)
    (pc.home / "etc/machine-id").write_text("first\n")
    licence.open_licence(original)
    (pc.home / "etc/machine-id").write_text("clone\n")
    if os_session:
        here = replace(machine.identity(), os_session=os_session)
        with monkeypatch.context() as planted:
            planted.setattr(machine, "identity", lambda: here)
            licence.open_licence(original)

    licence.open_licence(PROGRAM)

    assert ClientSession.objects.active().count() == (3 if os_session else 2)
    assert not any(request.startswith("DELETE") for request in network.requests)


SYSTEM = b"\x01\x1b\x01\x00" + bytes(4) + bytes(range(16)) + bytes(3)
BIOS = b"\x00\x06\x00\x00\x01\x00Maker\x00\x00"


@pytest.mark.parametrize(
    ("table", "found"),
    [
        (BIOS + SYSTEM + b"\x00\x00", [bytes(range(16)).hex()]),
        (BIOS + SYSTEM.replace(bytes(range(16)), b"\xff" * 16) + b"\x00\x00", []),
        (BIOS + b"\x01\x08\x01\x00" + bytes(4) + b"\x00\x00", []),
        (SYSTEM[:10], []),
        (b"\x01\x00\x00\x00", []),
        (b"", []),
    ],
)
def test_board_s_id_is_read_from_the_table_of_its_firmware(table, found):
    assert list(machine.system_uuids(table)) == found
