"""The lines by which docs/operations.md runs the product, and how tests run them."""

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


def start(line, environment, **changes):
    """Run a documented line, with its port and folder changed to the test's own."""
    for old, new in changes.items():
        assert old in line
        line = line.replace(old, new)
    _, *words = shlex.split(line)
    command = [sys.executable, "-m", "config.command_line", *words]
    return processes.spawn(command, env=environment)
