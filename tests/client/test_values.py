"""Values are silent about secrets; and a start is quick."""

from __future__ import annotations

from cloud_licence.answers import Granted, Session
from cloud_licence.records import Record


def test_shows_no_secret():
    session = Session("an id", "a-secret")
    granted = Granted(session=session, refresh_after=1, grace_until=2, lease="a-secret")
    record = Record(machine_name="CAD-017", username="ACME", lease="a-secret")

    assert repr(session) == "Session(id='an id')"
    assert "a-secret" not in repr((session, granted, record))


def test_opening_does_not_load_what_help_alone_needs(pc, key, monkeypatch):
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")  # Python names on stderr what it loads

    opened = pc.run_apart("open")

    assert opened.returncode == 0, opened.stderr
    loaded = {line.rpartition("|")[2].strip() for line in opened.stderr.splitlines()}
    assert "http.client" in loaded
    assert "shutil" not in loaded
