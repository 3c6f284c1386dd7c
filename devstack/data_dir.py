"""The folder that holds one demo: its data, its secrets, and who runs it at the moment."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from devstack import private_file
from devstack.errors import StackError


class InUse(StackError):
    """Another process works in the folder."""

    def __init__(self, folder: Path, purpose: str, pid: int) -> None:
        super().__init__(
            f"{folder} is in use by `{purpose}` (process {pid}). "
            "Stop that first, or use another folder: DATA_DIR=..."
        )
        self.pid = pid


class DataDir:
    """One demo's folder; made on first use, readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StackError(f"DATA_DIR={path} cannot be made: {error.strerror}") from None

    @property
    def secrets(self) -> Path:
        return self.path / "secrets.env"

    @contextmanager
    def claimed(self, purpose: str) -> Iterator[None]:
        """Have the folder to ourselves; raise InUse, naming the other's purpose, when it is taken.

        The claim ends with the process, however that ends.
        """
        with self._open_lock() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InUse(self.path, *_holder(lock)) from None
            _write_holder(lock, purpose)
            self.withdraw()  # what a killed process left behind
            try:
                yield
            finally:
                self.withdraw()

    def publish(self, environment: Mapping[str, str]) -> None:
        """Say where the servers are that we run, for as long as we do."""
        facts = {"pid": os.getpid(), "environment": dict(environment)}
        private_file.write(self._runtime, json.dumps(facts, indent=1))

    def withdraw(self) -> None:
        """Take back what was published."""
        self._runtime.unlink(missing_ok=True)

    def published_by(self, pid: int) -> dict[str, str] | None:
        """What the process that has the folder published, or None when it has not (yet)."""
        try:
            facts = json.loads(self._runtime.read_text())
        except FileNotFoundError:
            return None
        environment: dict[str, str] = facts["environment"]
        return environment if facts["pid"] == pid else None

    @property
    def _runtime(self) -> Path:
        return self.path / "runtime.json"

    def _open_lock(self) -> TextIO:
        try:
            return (self.path / "lock").open("a+")
        except PermissionError:
            raise StackError(
                f"{self.path} belongs to another user; start as that user, or use another "
                "folder: DATA_DIR=..."
            ) from None


def _write_holder(lock: TextIO, purpose: str) -> None:
    lock.truncate(0)
    lock.write(f"{os.getpid()} {purpose}")
    lock.flush()


def _holder(lock: TextIO) -> tuple[str, int]:
    lock.seek(0)
    pid, _, purpose = lock.read().partition(" ")
    return purpose or "another command", int(pid or 0)
