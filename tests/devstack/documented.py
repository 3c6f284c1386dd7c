"""The lines by which docs/operations.md runs the product, and how tests run them."""

import json
import os
import re
import shlex
import sys

from devstack import processes
from tests.devstack import shell

DOCS = processes.ROOT / "docs"
HOST = "licensing.example.com"
[LINES] = re.findall(
    r"```sh\n(licensing-portal serve .*?)```", (DOCS / "operations.md").read_text(), re.DOTALL
)
WEB, WORKER, BEAT = LINES.splitlines()


def settings_of_an_operator():
    """An operator's settings, on the tests' own servers."""
    return os.environ | {
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "BASE_URL": f"https://{HOST}",
        "DATABASE_URL": shell.tests_database(),
        "PYTHONUNBUFFERED": "1",
        "TRUSTED_PROXY_COUNT": "1",
    }


def start(line, environment, log=None, folder=processes.ROOT, **changes):
    """Run a documented line, with its port and folder changed to the test's own.

    ``log`` is the file for all that it writes, which else the test writes itself; the product is
    that of ``folder``.
    """
    for old, new in changes.items():
        assert old in line
        line = line.replace(old, new)
    _, *words = shlex.split(line)
    command = [sys.executable, "-m", "config.command_line", *words]
    if log is None:
        return processes.spawn(command, env=environment, cwd=folder)
    with log.open("wb") as written:
        return processes.spawn(command, env=environment, cwd=folder, stdout=written, stderr=written)


def events_of(log):
    """What a process has logged as JSON; an error where one of its lines is none."""
    return [json.loads(line)["event"] for line in log.read_text().splitlines()]
