"""What the product reads from its environment, and the servers that stand behind it."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from devstack import ports, secrets
from devstack.data_dir import DataDir
from devstack.postgres import Postgres
from devstack.valkey import Valkey

KEEPS_MAILS = "django.core.mail.backends.filebased.EmailBackend"
MAIL_PAGE = "support/mail/"


def settings(data_dir: DataDir, port: int) -> dict[str, str]:
    """What the demo makes up for the product; a variable that the caller has set wins."""
    made_up = secrets.load(data_dir.secrets) | {
        "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
        "BASE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": "",
        "DEMO": "1",
        "PYTHONUNBUFFERED": "1",
        "REDIS_URL": "",
        "METRICS_FOLDER": str(data_dir.path / "metrics"),
        "PRIVATE_FILES": str(data_dir.path / "files"),
        "STATIC_ROOT": str(data_dir.path / "static"),
    }
    if not os.environ.get("MAIL_BACKEND"):
        made_up |= mails_kept_in(data_dir.path / "mail")
    return {name: os.environ.get(name) or value for name, value in made_up.items()}


def receiver_beside(port: int) -> dict[str, str]:
    """Where the demo's webhooks may post on this machine; nowhere if the next port is taken."""
    return {"DEMO_RECEIVER": f"http://127.0.0.1:{port + 1}" if ports.is_free(port + 1) else ""}


def mails_kept_in(folder: Path) -> dict[str, str]:
    """Mails become files, which staff read at MAIL_PAGE."""
    return {"MAIL_BACKEND": KEEPS_MAILS, "MAIL_OPTIONS": json.dumps({"file_path": str(folder)})}


def for_child(variables: Mapping[str, str]) -> dict[str, str]:
    """Our own environment with ``variables`` in it."""
    return dict(os.environ) | dict(variables)


class Running(NamedTuple):
    """The completed variables, and the servers that were started for them, by name."""

    variables: dict[str, str]
    servers: dict[str, Postgres | Valkey]


@contextmanager
def servers(
    home: Path,
    variables: Mapping[str, str],
    *,
    durable: bool = True,
    postgres: Mapping[str, str] | None = None,
) -> Iterator[dict[str, str]]:
    """Start the servers that ``variables`` leave empty, in ``home``; yield them completed.

    ``postgres`` are settings of PostgreSQL's.
    """
    with running(home, variables, durable=durable, postgres=postgres) as started:
        yield started.variables


@contextmanager
def running(
    home: Path,
    variables: Mapping[str, str],
    *,
    durable: bool = True,
    postgres: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """The same, with the servers, for whoever looks after them."""
    complete = dict(variables)
    started: dict[str, Postgres | Valkey] = {}
    with ExitStack() as stack:
        if not complete.get("DATABASE_URL"):
            server = stack.enter_context(Postgres(home, durable=durable, options=postgres))
            started["PostgreSQL"] = server
            complete["DATABASE_URL"] = server.url
        if not complete.get("REDIS_URL"):
            started["Valkey"] = valkey = stack.enter_context(Valkey(home, durable=durable))
            complete["REDIS_URL"] = valkey.url
        yield Running(complete, started)
