"""What the product reads from its environment, and the servers that stand behind it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from devstack import secrets
from devstack.data_dir import DataDir
from devstack.postgres import Postgres
from devstack.valkey import Valkey


def settings(data_dir: DataDir, port: int) -> dict[str, str]:
    """What the demo makes up for the product; a variable that the caller has set wins."""
    made_up = secrets.load(data_dir.secrets) | {
        "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
        "BASE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": "",
        "DEMO": "1",
        "PYTHONUNBUFFERED": "1",
        "REDIS_URL": "",
        "PRIVATE_FILES": str(data_dir.path / "files"),
        "STATIC_ROOT": str(data_dir.path / "static"),
    }
    return {name: os.environ.get(name) or value for name, value in made_up.items()}


def for_child(variables: Mapping[str, str]) -> dict[str, str]:
    """Our own environment with ``variables`` in it."""
    return dict(os.environ) | dict(variables)


@contextmanager
def servers(
    home: Path, variables: Mapping[str, str], *, durable: bool = True
) -> Iterator[dict[str, str]]:
    """Start the servers that ``variables`` leave empty, in ``home``; yield them completed."""
    complete = dict(variables)
    with ExitStack() as running:
        if not complete.get("DATABASE_URL"):
            postgres = running.enter_context(Postgres(home, durable=durable))
            complete["DATABASE_URL"] = postgres.url
        if not complete.get("REDIS_URL"):
            valkey = running.enter_context(Valkey(home, durable=durable))
            complete["REDIS_URL"] = valkey.url
        yield complete
