"""The product as `make demo` runs it, all of it on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from devstack import demo, environment
from devstack.data_dir import DataDir
from devstack.postgres import Postgres
from devstack.runner import Runner
from devstack.valkey import Valkey
from prove.faults import Faults
from prove.history import Writer

QUIETLY = {
    "DEMO": "",
    "LOG_LEVEL": os.environ.get("LOG_LEVEL") or "CRITICAL",
    "MAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
    "MAIL_OPTIONS": "",
}
"""Each request during an outage is an error in the log, and thousands of them are meant."""


class Injects(Protocol):
    """What breaks one thing each time it is asked to, and says what it cannot break, and why."""

    def inject(self) -> None: ...
    def without(self) -> dict[str, str]: ...


class Product(Protocol):
    """What is proven: its servers are there, what the product is starts when told to.

    ``env`` is its environment, ``url`` where its database is to be looked at.
    """

    env: Mapping[str, str]
    url: str

    def start(self, runner: Runner) -> None: ...
    def faults(self, runner: Runner, history: Writer, seed: int) -> Injects: ...


@dataclass
class OneMachine:
    """The product beside one PostgreSQL."""

    data_dir: DataDir
    env: Mapping[str, str]
    port: int
    postgres: Postgres
    valkey: Valkey

    @property
    def url(self) -> str:
        return self.postgres.url

    def start(self, runner: Runner) -> None:
        """Start the web server, worker and beat."""
        demo.start_web(runner, self.port, self.env)
        demo.start_celery(runner, self.data_dir, self.env)

    def faults(self, runner: Runner, history: Writer, seed: int) -> Faults:
        """What breaks it."""
        return Faults(runner, self.postgres, self.valkey, history, seed)


@contextmanager
def running(data_dir: DataDir, port: int) -> Iterator[OneMachine]:
    """Its database and broker."""
    folder = data_dir.path
    with Postgres(folder) as postgres, Valkey(folder) as valkey:
        env = environment_of(data_dir, port, postgres.url, valkey.url)
        yield OneMachine(data_dir, env, port, postgres, valkey)


def environment_of(data_dir: DataDir, port: int, database: str, redis: str) -> dict[str, str]:
    """What the product reads."""
    servers = {"DATABASE_URL": database, "REDIS_URL": redis}
    made_up = environment.settings(data_dir, port)
    return environment.for_child(made_up | servers | QUIETLY)
