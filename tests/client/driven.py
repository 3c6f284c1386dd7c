"""Programs with the C++ library in them, which a test tells what to do line by line."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path

import pytest

from tests.client import cpp

VERSION = "16.0.02"


def made_by(build) -> Path:
    """What was built; a test that needs it is skipped where it cannot be."""
    try:
        return build()
    except cpp.CannotBuild as why:
        pytest.skip(f"The C++ library was not built: {why}")


class Program:
    """A program with the library in it, which is told what to do line by line."""

    def __init__(self, running: subprocess.Popen[bytes]) -> None:
        self.running = running

    def say(self, line: str) -> list[str]:
        """What it answers to a line: state and session, what the user reads, what went wrong."""
        self.running.stdin.write(f"{line}\n".encode())
        self.running.stdin.flush()
        return self.answer()

    def answer(self) -> list[str]:
        """What it says next."""
        return self.running.stdout.readline().decode().rstrip("\r\n").split("\t")

    def state(self, line: str) -> str:
        """How things stand after a line: the state, open or shut, the code."""
        return self.say(line)[0].rpartition(" ")[0]

    def end(self) -> str:
        """Let it end; what it says then."""
        self.running.stdin.close()
        return self.running.stdout.read().decode()


@contextlib.contextmanager
def running(*words: str | Path, killed: bool = False, **environment: str):
    """A program of this system, which ends well unless it is killed."""
    with subprocess.Popen(
        [*words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **environment},
    ) as process:
        yield Program(process)
    assert killed or process.returncode == 0, process.returncode
