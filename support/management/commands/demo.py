"""``manage.py demo``: a living estate to look at."""

from __future__ import annotations

import time
from argparse import ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser

from licensing import readiness
from licensing.management.operator import OperatorCommand
from support.demo.estate import announcement, history, leftovers
from support.demo.estate.accounts import TEAMS
from support.demo.estate.orders import WHOLE_HISTORY


def number_of_days(argument: str) -> int:
    """Days of history: 1 to 365."""
    if not (argument.isascii() and argument.isdigit() and 1 <= int(argument) <= 365):
        raise ArgumentTypeError(f"{argument!r} is not a number of days from 1 to 365.")
    return int(argument)


class Command(OperatorCommand):
    """Fill in the demo's accounts, unless they are there, and say how to get in."""

    help = "Fill in the demo's accounts, people and months of use; say how to sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--days",
            type=number_of_days,
            default=WHOLE_HISTORY,
            help="how long the history is (default 90)",
        )
        parser.add_argument(
            "--migrate",
            action="store_true",
            help="bring the database up to date first, if it is not",
        )

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        """Fill it in; an attempt that was interrupted before is made anew."""
        if not settings.DEMO:
            raise CommandError(
                "The demo's passwords are known to everybody, so it is filled in only where "
                "DEMO=1 is set, as `make demo` does."
            )
        if options["migrate"] and readiness.of_migrations():
            call_command("migrate", interactive=False, verbosity=0)
        if not leftovers.is_filled_in():
            leftovers.remove()
            history.fill(TEAMS, days=options["days"], now=time.time())
        facts = announcement.facts()
        return facts, announcement.in_words(facts)
