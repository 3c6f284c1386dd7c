"""What breaks the product while its clients work: kills, stops at once, and starts again."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from devstack.errors import StackError
from devstack.postgres import Postgres
from devstack.runner import Runner
from devstack.valkey import Valkey
from prove.history import REPLACED, Fault, Writer

DOWN = 0.5  # seconds that a server is away
OLD_ENOUGH = 6
"""Seconds: Granian ends when a worker that it started again dies within 5.5."""
CALM = 3
"""Seconds after a fault in which somebody may still notice it."""
SECONDS_TO_REPLACE = 60


class Faults:
    """Breaks one part of a running product after the other, in an order of its own."""

    def __init__(
        self, runner: Runner, postgres: Postgres, valkey: Valkey, history: Writer, seed: int
    ) -> None:
        self.runner, self.postgres, self.valkey = runner, postgres, valkey
        self.history, self.chance = history, random.Random(seed)
        self.left: list[tuple[str, Callable[[], None]]] = []
        self.first_workers: list[int] = []
        self.broke_at = time.time()

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
            if self.is_calm():
                self.left.append((REPLACED, self.replace_web_workers))
        what, fault = self.left.pop()
        began = time.time()
        fault()
        self.broke_at = time.time()
        self.history.write(Fault(what, began, self.broke_at))

    def is_calm(self) -> bool:
        """Whether nothing was broken of late, whose clients would ask again now."""
        is_long_ago = time.time() - self.broke_at > CALM
        return is_long_ago and all(age(one) > OLD_ENOUGH for one in self.web_workers())

    def web_workers(self) -> list[int]:
        """The processes that serve requests."""
        return [one for one in children(self.runner.processes["web"].pid) if not is_tracker(one)]

    def replace_web_workers(self) -> None:
        """``kill -HUP`` of the web server: each worker goes once there is a new one."""
        before = set(self.web_workers())
        os.kill(self.runner.processes["web"].pid, signal.SIGHUP)
        deadline = time.monotonic() + SECONDS_TO_REPLACE
        while before & set(self.web_workers()):
            if time.monotonic() > deadline:
                raise StackError("The web server does not replace its workers.")
            self.runner.forward(seconds=0.2)

    def without(self) -> dict[str, str]:
        """What is not broken here: nothing."""
        return {}

    def kill_web_worker(self) -> None:
        """``kill -9`` of one process that serves requests; Granian starts another."""
        workers = self.web_workers()
        self.first_workers = self.first_workers or workers
        fit = [one for one in workers if one in self.first_workers or age(one) > OLD_ENOUGH]
        if fit:
            kill(self.chance.choice(fit))

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


def is_tracker(pid: int) -> bool:
    """Whether it is the one that Python starts beside others, which serves nobody; or none."""
    try:
        return "resource_tracker" in Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


def age(pid: int) -> float:
    """For how many seconds a process has been there; 0 if it is no more."""
    try:
        started = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    except FileNotFoundError:
        return 0
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started / os.sysconf("SC_CLK_TCK")


def kill(pid: int) -> None:
    """End a process at once; it may have ended already."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
