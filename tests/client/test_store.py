"""The store: locked, written as a whole, and never a reason not to work."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from cloud_licence import store
from cloud_licence.store import Store, StoreBusy

WHO = ("CAD-017", "ACME\\jsmith")
HOLD = """
import sys
from pathlib import Path
from cloud_licence.store import Store
with Store(Path(sys.argv[1]), "CAD-017", "ACME").locked():
    print("locked", flush=True)
    input()
"""


@pytest.fixture
def kept(tmp_path):
    """A store that is empty."""
    return Store(tmp_path / "folder" / "licence.json", *WHO)


def test_lock_waits_for_another_process_and_goes_with_it(kept, monkeypatch):
    monkeypatch.setattr(store, "SECONDS_TO_WAIT", 0)
    command = [sys.executable, "-c", HOLD, kept.path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"locked\n"

        with pytest.raises(StoreBusy), kept.locked():
            pass

        other.kill()
        other.wait()
    with kept.locked():
        kept.save(kept.load())
    assert kept.notices == []


@pytest.mark.parametrize(
    ("text", "aside", "sentence"),
    [
        ("{", "torn", "could not be read"),
        ("foreign", "foreign", "belongs to another computer or user"),
        ('{"format": 99}', "toonew", "is of a newer version"),
    ],
)
def test_what_cannot_be_used_is_set_aside(kept, text, aside, sentence):
    kept.path.parent.mkdir()
    kept.save(kept.load())
    if text == "foreign":
        text = json.dumps(json.loads(kept.path.read_text()) | {"machine_name": "CAD-018"})
    kept.path.write_text(text)

    record = kept.load()

    assert record == Store(kept.path, *WHO).load()
    assert kept.path.with_name(f"licence.json.{aside}").read_text() == text
    assert sentence in kept.notices[0]
    assert not kept.path.exists()


def test_disk_that_cannot_be_written_to_keeps_nobody_from_working(tmp_path):
    (tmp_path / "file").write_text("")
    kept = Store(tmp_path / "file" / "licence.json", *WHO)
    record = replace(kept.load(), lease="a lease")

    with kept.locked():
        kept.save(record)

    assert kept.load() == record
    assert kept.notices == [
        f"What is known of your licence could not be kept in {tmp_path / 'file'}: "
        "a file stands where a folder should be."
    ]
