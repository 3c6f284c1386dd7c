"""A user's computer, and the program on it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from cloud_licence import machine, store
from cloud_licence.desk import Program

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

    def run(self, *arguments: str, **options) -> subprocess.CompletedProcess[str]:
        """What the command printed and returned."""
        return subprocess.run(
            self.command(*arguments), capture_output=True, text=True, timeout=60, **options
        )
