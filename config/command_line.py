"""``licensing-portal``: the product's processes and commands, wherever it was installed."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from django.core.management import find_commands

from config import VERSION, environment

PROCESSES = {
    "serve": (
        "config.serving --interface rsgi --http 1 --no-ws --host 127.0.0.1 --port 8000 --workers 2"
        " --respawn-failed-workers --workers-kill-timeout 15 config.rsgi:application"
    ),
    "worker": "celery -q -A config worker --concurrency 2 --without-gossip --without-mingle",
    "beat": "celery -q --skip-checks -A config beat --pidfile=",
}
"""What each of them runs. Options that are given come behind, and win."""

FOLDER = Path(__file__).parent.parent
APPS = ("licensing", "portal")
DJANGOS = ("collectstatic",)
"""What operators need of Django's own commands."""

THEIR_FILE = "Run this as the user that the product runs as, or give that user the file or folder."

WHAT_IT_DOES = """\
commands:
  serve [OPTION...]      answer people and programs; options of Granian
  worker [OPTION...]     do what waits; options of Celery's worker
  beat [OPTION...]       ask for what is done by the clock; options of Celery's beat
  migrate [OPTION...]    bring the database up to this version, beside a product at work
  doctor [OPTION...]     say what is well and what is not, and what to do about it
  COMMAND [OPTION...]    any other of the product's; `licensing-portal manage help` lists them
  manage COMMAND ...     the same, and Django's too

Settings come from the environment: docs/operations.md and .env.example.
"""


def main() -> None:
    """Become one of the processes, or run one command."""
    command, words = asked(sys.argv[1:])
    if command in PROCESSES:
        become(command, words)
    manage(["licensing-portal manage", *([] if command == "manage" else [command]), *words])


def asked(line: Sequence[str]) -> tuple[str, list[str]]:
    """The command of a line, and what was given to it. Leave with a sentence when there is none."""
    parser = argparse.ArgumentParser(
        prog="licensing-portal",
        description="Cloud connected licensing with a customer account portal.",
        epilog=WHAT_IT_DOES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=VERSION)
    choices = [*PROCESSES, "manage", *commands()]
    parser.add_argument("command", choices=choices, metavar="COMMAND")
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="...")
    found = parser.parse_args(line)
    return found.command, found.words


def commands() -> list[str]:
    """The names of the product's own commands, and of Django's that operators need."""
    folders = [str(FOLDER / app / "management") for app in APPS]
    return sorted({*DJANGOS, *(name for folder in folders for name in find_commands(folder))})


def become(process: str, words: Sequence[str]) -> None:
    """Go on as one of the processes, with the id of this one; leave if a setting is wrong."""
    environment.read(os.environ)
    module, *line = shlex.split(PROCESSES[process])
    os.execv(sys.executable, [sys.executable, "-m", module, *line, *words])


def manage(line: list[str]) -> None:
    """Run one of Django's or our commands; leave with one line when there is no database, it lacks
    a table, or a file is not ours."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line  # after the settings are named
    from django.db import DatabaseError, connection

    from licensing import outages

    try:
        execute_from_command_line(line)
    except DatabaseError as error:
        remedy = outages.what_to_do(error, "DATABASE_URL")
        if connection.connection is not None and remedy != outages.MIGRATE:
            raise
        sys.exit(f"DATABASE_URL: {outages.first_line(error)}\n{remedy}")
    except PermissionError as error:
        if error.filename is None:  # it was no file
            raise
        sys.exit(f"{error.filename}: {error.strerror}. {THEIR_FILE}")


if __name__ == "__main__":
    main()
