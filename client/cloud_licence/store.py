"""The store: one record on disk, locked, written as a whole, readable by its user only."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cloud_licence import records, words
from cloud_licence.records import Record

SECONDS_TO_WAIT = 30.0
SECONDS_BETWEEN_TRIES = 0.02
UNSAVED: dict[Path, Record] = {}
"""What this process knows and could not write: it goes on with that."""


class StoreBusy(Exception):
    """Another window of the program has held the store for half a minute."""


class Store:
    """Where the record is kept. ``notices`` are sentences about what went wrong with it."""

    def __init__(
        self,
        path: Path,
        machine_name: str,
        username: str,
        os_session: str = "",
        language: str = words.ENGLISH,
    ) -> None:
        self.path = path
        self.machine_name = machine_name
        self.username = username
        self.os_session = os_session
        self.language = language
        self.notices: list[str] = []

    def note(self, name: str, **values: object) -> None:
        """Say once what went wrong, in the words of that name."""
        sentence = words.say(self.language, name, **values)
        if sentence not in self.notices:
            self.notices.append(sentence)

    def note_trouble(self, name: str, error: OSError) -> None:
        """The same of what the disk did not do: where, and why."""
        problem = words.trouble(self.language, error)
        self.note(name, path=self.path, folder=self.path.parent, problem=problem)

    def load(self) -> Record:
        """The record; a new one if there is none. One that cannot be used is set aside."""
        new = Record(
            machine_name=self.machine_name, username=self.username, os_session=self.os_session
        )
        if self.path in UNSAVED:
            return UNSAVED[self.path]
        try:
            text = self.path.read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, NotADirectoryError):
            return new
        except OSError as error:
            self.note_trouble("kept.unreadable", error)
            return new
        try:
            return records.read(text, machine_name=self.machine_name, username=self.username)
        except (records.Torn, records.Foreign, records.TooNew) as problem:
            self.set_aside(type(problem))
            return new

    def set_aside(self, problem: type[Exception]) -> None:
        """Keep a record that cannot be used under another name, and say so."""
        kind = problem.__name__.lower()
        aside = self.path.with_name(f"{self.path.name}.{kind}")
        try:
            self.path.replace(aside)
        except OSError:
            return  # it will be written over
        self.note(f"kept.{kind}", path=aside)

    def save(self, record: Record) -> None:
        """Write the record as a whole. A disk that cannot be written to does not stop anybody."""
        try:
            write_whole(self.path, records.written(record))
            UNSAVED.pop(self.path, None)
        except OSError as error:
            UNSAVED[self.path] = record
            self.note_trouble("kept.unwritable", error)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Only this process may read and write meanwhile. Raise StoreBusy after half a minute.

        The lock goes with its process, however that ends. Where no lock can be made the
        program goes on without.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            self.note_trouble("kept.unwritable", error)
            yield
            return
        try:
            wait_for(lock)
            yield
        finally:
            os.close(lock)


def write_whole(path: Path, text: str) -> None:
    """Let a file of its user alone hold this text, or else what it held before. Raise OSError."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink()
        raise


def wait_for(lock: int) -> None:
    """Lock an open file; raise StoreBusy."""
    until = time.monotonic() + SECONDS_TO_WAIT
    while not is_locked_now(lock):
        if time.monotonic() > until:
            raise StoreBusy
        time.sleep(SECONDS_BETWEEN_TRIES)


if sys.platform == "win32":
    import msvcrt

    def is_locked_now(lock: int) -> bool:
        """Whether the lock could be taken."""
        try:
            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def is_locked_now(lock: int) -> bool:
        """Whether the lock could be taken."""
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def place(vendor: str, product: str, machine_name: str, os_session: str) -> Path:
    """Where the record is kept: a file for each machine, for home folders may be shared."""
    return folder(vendor, product) / file_of("licence", machine_name, os_session)


def place_of_device(vendor: str, product: str, machine_name: str) -> Path:
    """Where the id of this installation is kept, beside the record."""
    return folder(vendor, product) / file_of("device", machine_name)


def file_of(*parts: str) -> str:
    """A file's name that says what and whose it is."""
    name = "-".join(part for part in parts if part)
    return re.sub(r"[^\w.-]", "_", name.lower()) + ".json"


def folder(vendor: str, product: str) -> Path:
    """Where this user's programs keep what they know."""
    if sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        return root / vendor / product
    root = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return root / vendor.lower() / product.lower()
