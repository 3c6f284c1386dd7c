"""Another revision of the product, served from a throw-away folder before the same database."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import servers
from bench.servers import Server
from devstack import ports, processes

WEB_OPTIONS = "import sys; from devstack import demo; print(*demo.web_options(int(sys.argv[1])))"


@contextmanager
def revision(name: str) -> Iterator[Server]:
    """A web server of that revision, as it started one itself, but with the packages of ours."""
    port = ports.free()
    with checked_out(name) as tree, servers.serving(tree, options_of(tree, port), port) as server:
        yield server


@contextmanager
def checked_out(name: str) -> Iterator[Path]:
    """The revision's files in a folder that goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        archive = git("archive", name)
        subprocess.run(["tar", "--extract", f"--directory={folder}"], input=archive, check=True)
        yield Path(folder)


def options_of(tree: Path, port: int) -> list[str]:
    """How that revision has Granian serve it."""
    command = [sys.executable, "-c", WEB_OPTIONS, str(port)]
    output = subprocess.check_output(command, cwd=tree, env=servers.of_tree(tree), text=True)
    return output.split()


def require_same_schema(name: str) -> None:
    """End the bench where that revision has other migrations: one database cannot serve both."""
    here = migrations("ls-files", "--cached", "--others", "--exclude-standard")
    there = migrations("ls-tree", "-r", "--name-only", name)
    if here == there:
        return
    ours, theirs = (", ".join(sorted(more)) or "none" for more in (here - there, there - here))
    raise SystemExit(
        f"{name} needs another schema, so it cannot run beside this one. "
        f"Migrations that only we have: {ours}; that only it has: {theirs}."
    )


def migrations(*which: str) -> set[str]:
    """The migrations among the files that git lists."""
    return {file for file in git(*which).decode().splitlines() if "/migrations/" in file}


def git(*words: str) -> bytes:
    """What git says."""
    return subprocess.check_output(["git", *words], cwd=processes.ROOT)
