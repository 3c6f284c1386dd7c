"""What the bench measures: a database and a broker of its own, and web servers before them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from devstack import demo, environment, ports, processes
from devstack.data_dir import DataDir
from devstack.pgbouncer import PgBouncer


@dataclass(frozen=True, slots=True)
class Server:
    """A web server that is ready: where it listens, and the process that started its workers."""

    port: int
    pid: int


@contextmanager
def own_servers(postgres: Mapping[str, str]) -> Iterator[int]:
    """A database and a broker of the bench's own, migrated; the port that a web server may have.

    ``postgres`` are settings of PostgreSQL's.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        data_dir, port = DataDir(Path(folder)), ports.free()
        settings = environment.settings(data_dir, port)
        with environment.servers(data_dir.path, settings, postgres=postgres) as variables:
            os.environ |= variables | {"DJANGO_SETTINGS_MODULE": "bench.settings", "TESTING": "1"}
            os.environ["LOG_LEVEL"] = "WARNING"
            migrate()
            yield port


def migrate() -> None:
    """Make the tables."""
    import django  # the settings are known only now

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


@contextmanager
def web_server(port: int) -> Iterator[Server]:
    """Granian, as ``make demo`` starts it."""
    with serving(processes.ROOT, demo.web_options(port), port) as server:
        yield server


@contextmanager
def web_server_of(database: str) -> Iterator[Server]:
    """Another, before the database of this address."""
    port = ports.free()
    env = {"DATABASE_URL": database}
    with serving(processes.ROOT, demo.web_options(port), port, env) as server:
        yield server


@contextmanager
def web_server_through_pooler() -> Iterator[Server]:
    """Another, which reaches the same database through PgBouncer as shipped."""
    port = ports.free()
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        PgBouncer(Path(folder), os.environ["DATABASE_URL"]) as pooler,
    ):
        fit_user()
        env = {"DATABASE_URL": pooler.url, "DATABASE_POOLED": "true"}
        with serving(processes.ROOT, demo.web_options(port), port, env) as server:
            yield server


def fit_user() -> None:
    """Have the database's user work as the product wants it, for a pooler takes no options."""
    from django.db import connection

    from config import databases

    with connection.cursor() as cursor:
        for name, value in databases.session(statement_seconds=5).items():
            cursor.execute(f"ALTER ROLE CURRENT_USER SET {name} = '{value}'")


@contextmanager
def serving(
    tree: Path,
    options: Sequence[str],
    port: int,
    env: Mapping[str, str] | None = None,
    *,
    quiet: bool = False,
) -> Iterator[Server]:
    """Granian with these options, from this tree of sources; if ``quiet``, its log goes nowhere."""
    command = [sys.executable, "-m", "granian", *options]
    log = subprocess.DEVNULL if quiet else None
    process = processes.spawn(command, env=of_tree(tree) | dict(env or {}), cwd=tree, stderr=log)
    try:
        if not processes.wait_until(lambda: demo.readiness(port) == "200", seconds=60):
            raise SystemExit(f"The web server of {tree} did not start.")
        yield Server(port, process.pid)
    finally:
        processes.stop(process, grace=10)


def of_tree(tree: Path) -> dict[str, str]:
    """The environment in which Python takes this tree's modules, wherever ours are installed."""
    return dict(os.environ) | {"PYTHONPATH": str(tree)}
