"""A start of the demo collects no static files that are the same as the last time."""

from __future__ import annotations

import pytest

from devstack import demo, private_file, static_files
from devstack.data_dir import DataDir


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A source with one static file."""
    for folder in ("config", "static/styles"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "config/settings.py").touch()
    (tmp_path / "static/styles/tables.css").write_text("td { color: red }")
    monkeypatch.setattr(static_files, "ROOT", tmp_path)
    return tmp_path


def test_collects_nothing_while_they_are_the_same(source):
    data_dir = DataDir(source / "data")

    private_file.write(demo.fingerprint_file(data_dir), static_files.fingerprint())

    assert demo.collect_static_files(data_dir, {}) is None


@pytest.mark.parametrize("changed", ["static/styles/tables.css", "static/new.js"])
def test_one_that_was_changed_or_is_new_makes_them_others(source, changed):
    before = static_files.fingerprint()

    (source / changed).write_text("td { color: green }")

    assert static_files.fingerprint() != before
