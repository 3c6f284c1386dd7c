"""A user's computer, and the program on it."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest import mock

from cloud_licence import desk, machine, store
from cloud_licence.command import main
from cloud_licence.desk import Program

Main = Callable[[Sequence[str]], int]

PROGRAM = Program(version="16.0.02", language="en")


class PC:
    """One user's computer, with nothing installed but the client."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def set_policy(self, key, url: str, **values: str) -> None:
        """What the IT department rolls out."""
        values = {
            "SerialNumber": key.serial_number,
            "ProductKey": key.plain,
            "ServiceUrl": url,
        } | values
        path = self.home / "etc/elecosoft/powerproject/licensing.policy"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{name} = {value}\n" for name, value in values.items()))

    @property
    def store(self) -> Path:
        """Where the client keeps what it knows."""
        return store.place("Elecosoft", "Powerproject", machine.identity().machine_name, "")

    def command(self, *arguments: str) -> list[str]:
        """The command line of the client."""
        return [sys.executable, "-m", "cloud_licence", *arguments]

    def run(self, *arguments: str, input: str = "") -> subprocess.CompletedProcess[str]:
        """What the command printed and returned, asked here by a caller that is us.

        A process of its own takes ten times as long, most of it to load Python.
        """
        desk.SEEN.clear()  # as a process of its own, which knows no more than what is kept
        desk.HELD.clear()
        return self.run_by(main, *arguments, input=input)

    def run_by(
        self, main: Main, *arguments: str, input: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """What a client's command printed and returned here."""
        printed, complained = io.StringIO(), io.StringIO()
        with (
            mock.patch("sys.stdin", io.StringIO(input)),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(complained),
        ):
            returned = main(["--pid", str(os.getpid()), *arguments])
        said = printed.getvalue(), complained.getvalue()
        return subprocess.CompletedProcess(arguments, returned, *said)

    def run_apart(self, *arguments: str, **options) -> subprocess.CompletedProcess[str]:
        """What the command printed and returned, as a process of its own."""
        return subprocess.run(
            self.command(*arguments), capture_output=True, text=True, timeout=60, **options
        )
