"""The log: where it cannot be written, requests go on."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path

import pytest
from django.db.migrations.recorder import MigrationRecorder


@pytest.fixture
def full_log(monkeypatch):
    """The log's console is on a full disk, and so is where Python would tell of that."""
    stream = Path("/dev/full").open("w")  # noqa: SIM115 (closing it fails, as writing does)
    with pytest.raises(OSError, match="No space left"):
        print("anything", file=stream, flush=True)
    handlers = logging.getLogger().handlers
    [console] = [handler for handler in handlers if type(handler) is logging.StreamHandler]
    monkeypatch.setattr(console, "stream", stream)
    monkeypatch.setattr("sys.stderr", stream)
    yield
    with contextlib.suppress(OSError):
        stream.close()


def test_a_full_disk_stops_no_request(db, client, caplog, full_log):
    MigrationRecorder.Migration.objects.filter(app="licensing").latest("pk").delete()

    answer = client.get("/readyz")

    assert answer.json()["code"] == "service_unavailable"
    assert [record.levelname for record in caplog.records] == ["WARNING"]
