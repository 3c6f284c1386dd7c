"""One drill: back up under load, lose the database, have it back as it was at a moment."""

from __future__ import annotations

import argparse
import datetime as dt
import io
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from django.core.management import CommandError, call_command
from django.db import connection

from devstack import demo, processes
from devstack.errors import StackError
from devstack.postgres import Postgres
from devstack.runner import Runner
from prove import checker, database
from prove.administrators import BETWEEN_ACTS, Administrator
from prove.drill import cut
from prove.drill.backups import Backups
from prove.history import History, Writer, read

ARCHIVED = "SELECT last_archived_wal >= %s FROM pg_stat_archiver"
HERE = "SELECT pg_walfile_name(pg_current_wal_lsn())"
IS_THERE = "SELECT NOT pg_is_in_recovery()"
PATIENCE = 120  # seconds
LOOKS = {"check_invariants": "every invariant", "verify_audit": "the audit record by the product"}
"""The commands that an operator runs after a restore, and the promise that each looks at."""


@dataclass
class Drill:
    """What a drill works with, and how long each of its steps took."""

    folder: Path
    port: int
    env: Mapping[str, str]
    postgres: Postgres
    runner: Runner
    backups: Backups
    options: argparse.Namespace
    took: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Write down how many seconds the block took."""
        began = time.monotonic()
        yield
        self.took[step] = round(time.monotonic() - began, 2)

    def lose(self) -> float:
        """Back up while clients work, and destroy the cluster under them; return the moment.

        What was acknowledged until then is archived before the cluster goes: that takes as long as
        ``archive_timeout`` says.
        """
        with self.clients(), Writer(self.folder / "administrators.jsonl") as history:
            somebody = Administrator(self.folder, history)
            self.act(somebody)
            with self.timed("backup, beside the clients"):
                self.backups.back_up(self.postgres)
            self.act(somebody)
            moment = time.time()
            self.wait_until_archived()
            self.act(somebody)
            self.postgres.crash()
            shutil.rmtree(self.postgres.cluster)
        return moment

    @contextmanager
    def clients(self) -> Iterator[None]:
        """Clients at work; at the end they hear what becomes of what they asked last."""
        words = [sys.executable, "-m", "prove.clients", str(self.folder)]
        clients = processes.spawn(words, env=self.env)
        try:
            yield
            (self.folder / "stop").touch()
            if clients.wait(PATIENCE):
                raise StackError("The clients failed; they say why above.")
        finally:
            processes.kill_group(clients)

    def act(self, somebody: Administrator) -> None:
        """Do what administrators do for as long as the options say."""
        until = time.monotonic() + self.options.seconds
        while time.monotonic() < until:
            somebody.act()
            self.runner.forward(seconds=BETWEEN_ACTS)

    def wait_until_archived(self) -> None:
        """Wait until all that has been committed so far is in the archive."""
        with psycopg.connect(self.postgres.url, autocommit=True) as line:
            here = line.execute(HERE).fetchone()
            self.wait_for(line, ARCHIVED, here, "PostgreSQL does not archive its log")

    def wait_until_it_is_that_moment(self) -> None:
        """Wait until the log has been replayed: until then one may read what was there before."""
        with psycopg.connect(self.postgres.url, autocommit=True) as line:
            self.wait_for(line, IS_THERE, None, "PostgreSQL does not get to the moment")

    def wait_for(
        self, line: psycopg.Connection[Any], question: LiteralString, about: Any, why: str
    ) -> None:
        """Ask until the answer is yes; raise StackError that says why not."""
        deadline = time.monotonic() + PATIENCE
        while line.execute(question, about).fetchone() != (True,):
            if time.monotonic() > deadline:
                raise StackError(f"{why}; {self.postgres.log} says more.")
            self.runner.forward(seconds=0.1)

    def get_back(self, moment: float) -> None:
        """Restore to the moment, and wait until the product, which was never stopped, is ready."""
        with self.timed("until the product is ready again"):
            with self.timed("backup laid down"):
                self.backups.restore(self.postgres, dt.datetime.fromtimestamp(moment, dt.UTC))
            with self.timed("log replayed"):
                self.postgres.start_again()
                self.wait_until_it_is_that_moment()
            demo.wait_until_ready(self.runner, self.port)

    def compare(self, moment: float) -> dict[str, Any]:
        """What was there at the moment and is not, which must be nothing; what came after, told."""
        connection.close()  # to what was lost
        with self.timed("looked whether it is whole"):
            looks = {promise: list(complaints(name)) for name, promise in LOOKS.items()}
        records = list(read(self.folder.glob("*.jsonl")))
        restored = database.dump(self.postgres.url)
        known = History(cut.known_at(moment, records))
        return {
            "acknowledged before the moment": cut.acknowledged(known),
            "seconds": self.took,
            "lost, of after the moment": cut.lost(moment, records, restored),
            "breaches": checker.check(known, restored)
            | {"nothing of after the moment": list(cut.later(moment, restored))}
            | looks,
        }


def complaints(command: str) -> Iterator[str]:
    """What one of the operator's commands finds."""
    try:
        call_command(command, stdout=io.StringIO())
    except CommandError as error:
        yield str(error)
