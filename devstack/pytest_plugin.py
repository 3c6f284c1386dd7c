"""Starts a throw-away database and broker before Django's settings are read.

Loaded early, with ``-p``. TEST_DATABASE_URL and TEST_REDIS_URL name servers to use instead.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from devstack import environment, secrets

WORKER = os.environ.get("PYTEST_XDIST_WORKER")  # such as "gw0"; not set in the process above them


def keep_bytecode() -> None:
    """Have each module compiled once, even where PYTHONDONTWRITEBYTECODE is set.

    Dozens of processes in one run read the product, and two of them all tests: each would compile
    anew what it reads, for a seventh of its start and two fifths of the tests' collection.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


keep_bytecode()  # before other plugins are read


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Start the servers; xdist's workers inherit the environment."""
    if WORKER:
        use_own_redis_database(int(WORKER.removeprefix("gw")))
        os.environ["PRIVATE_FILES"] += f"/{WORKER}"  # named by numbers of a database of its own
    else:
        start_servers(early_config)
    yield


def start_servers(config: pytest.Config) -> None:
    """Start what the tests need and have it stopped and removed at their end."""
    running = ExitStack()
    config.add_cleanup(running.close)
    home = Path(tempfile.mkdtemp(prefix="licensing-tests-"))
    running.callback(shutil.rmtree, home, ignore_errors=True)
    (home / "static").mkdir()  # WhiteNoise warns of a folder that is not there
    servers = environment.servers(home, settings(home), durable=False)
    os.environ.update(running.enter_context(servers))


def settings(home: Path) -> dict[str, str]:
    """The tests' environment: never the developer's own database or secrets."""
    return secrets.generate() | {
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "BASE_URL": "http://testserver",
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", ""),
        "DEMO": "",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright runs an event loop in the tests' thread
        "METRICS_FOLDER": str(home / "metrics"),
        "PRIVATE_FILES": str(home / "files"),
        "REDIS_URL": os.environ.get("TEST_REDIS_URL", ""),
        "STATIC_ROOT": str(home / "static"),
        "TESTING": "1",
    }


def use_own_redis_database(number: int) -> None:
    """Keep the caches of workers apart; the database is kept apart by pytest-django."""
    server, _, _ = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{server}/{number + 1}"
