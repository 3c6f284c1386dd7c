"""What breaks the product while its clients work: kills, stops at once, and starts again."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from devstack.postgres import Postgres
from devstack.runner import Runner
from devstack.valkey import Valkey
from prove.history import Fault, Writer

DOWN = 0.5  # seconds that a server is away


class Faults:
    """Breaks one part of a running product after the other, in an order of its own."""

    def __init__(
        self, runner: Runner, postgres: Postgres, valkey: Valkey, history: Writer, seed: int
    ) -> None:
        self.runner, self.postgres, self.valkey = runner, postgres, valkey
        self.history, self.chance = history, random.Random(seed)
        self.left: list[tuple[str, Callable[[], None]]] = []

    def inject(self) -> None:
        """Break the next part; every kind has its turn before one comes again."""
        if not self.left:
            self.left = [
                ("web worker killed", self.kill_web_worker),
                ("web worker killed", self.kill_web_worker),
                ("Celery worker killed", self.kill_celery),
                ("broker killed", self.crash_valkey),
                ("PostgreSQL stopped at once", self.crash_postgres),
            ]
            self.chance.shuffle(self.left)
        what, fault = self.left.pop()
        self.history.write(Fault(what, time.time()))
        fault()

    def kill_web_worker(self) -> None:
        """``kill -9`` of one process that serves requests; Granian starts another."""
        workers = children(self.runner.processes["web"].pid)
        if workers:
            kill(self.chance.choice(workers))

    def kill_celery(self) -> None:
        """``kill -9`` of the Celery worker; the runner starts another."""
        kill(self.runner.processes["worker"].pid)

    def crash_valkey(self) -> None:
        """``kill -9`` of the broker and cache; it comes back a moment later."""
        self.valkey.crash()
        self.runner.forward(seconds=DOWN)
        self.valkey.start_again()

    def crash_postgres(self) -> None:
        """PostgreSQL ends without a farewell and recovers from its log a moment later."""
        self.postgres.crash()
        self.runner.forward(seconds=DOWN)
        self.postgres.start_again()


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").glob("*/children")
        for child in task.read_text().split()
    ]


def kill(pid: int) -> None:
    """End a process at once; it may have ended already."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
