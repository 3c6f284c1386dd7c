from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bench import beside
from devstack import processes

MIGRATION = "licensing/migrations/0001_initial.py"


@pytest.fixture
def earlier(tmp_path, monkeypatch):
    """A repository whose last commit moved a file on and added nothing."""
    monkeypatch.setattr(processes, "ROOT", tmp_path)
    git("init", "--quiet")
    commit(MIGRATION, "")
    commit("devstack/__init__.py", "")
    commit("devstack/demo.py", "def web_options(port): return ['--workers=7', f'--port={port}']")
    commit("devstack/demo.py", "")
    return "HEAD~1"


def git(*words):
    """Run git as somebody, whatever this machine's settings are."""
    who = ["-c", "user.name=Bench", "-c", "user.email=bench@example.test"]
    subprocess.run(["git", *who, *words], cwd=processes.ROOT, check=True)


def commit(name, text):
    """Write a file and commit it."""
    path = processes.ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    git("add", name)
    git("commit", "--quiet", "--allow-empty", f"--message={name}")


def test_the_revision_starts_its_server_in_its_own_way_from_a_folder_that_goes(earlier):
    with beside.checked_out(earlier) as tree:
        assert beside.options_of(tree, 8123) == ["--workers=7", "--port=8123"]

    assert not Path(tree).exists()
    assert (processes.ROOT / "devstack/demo.py").read_text() == ""


def test_a_revision_with_the_same_schema_may_run_beside(earlier):
    beside.require_same_schema(earlier)


def test_a_revision_that_needs_another_schema_is_named(earlier):
    (processes.ROOT / "portal/migrations").mkdir(parents=True)
    (processes.ROOT / "portal/migrations/0002_more.py").write_text("")  # not committed yet

    with pytest.raises(SystemExit, match=r"HEAD~1 needs .* we have: portal/migrations/0002_more"):
        beside.require_same_schema(earlier)
