"""``manage.py roll_up``: count what use there was in each hour."""

from __future__ import annotations

import sys
import time
from typing import Any

import click
from django.core.management.base import CommandError, CommandParser

from licensing.management import arguments
from licensing.management.operator import OperatorCommand
from licensing.models import Licence
from licensing.usage import roll_up


class Command(OperatorCommand):
    """Count the hours of all licences, or those that are due."""

    help = (
        "Count how each licence was used in each hour. The worker does it each hour; with a "
        "range all of its hours are counted again, from the facts that are kept. To do so "
        "twice, or while the worker does, changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        add = parser.add_argument
        add("--since", type=arguments.moment, metavar="TIME",
            help=f"{arguments.MOMENT} (default: what is due)")  # fmt: skip
        add("--until", type=arguments.moment, metavar="TIME",
            help="(default: two days ago, as later hours may change)")  # fmt: skip

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        since, until = options["since"], options["until"]
        if since and until:
            arguments.require_range(since, until)
        if until and not since:
            raise CommandError("Say --since too, from when on to count.")
        started = time.monotonic()
        licences = Licence.objects.order_by("pk")
        hours = 0
        with click.progressbar(
            licences.iterator(), length=licences.count(), file=sys.stderr,
            hidden=not sys.stderr.isatty(), label="Licences",
        ) as each:  # fmt: skip
            for licence in each:
                hours += roll_up.roll_up(licence, since, until)
        document = {
            "hours": hours,
            "licences": licences.count(),
            "seconds": round(time.monotonic() - started, 3),
        }
        return document, "{hours} hours of {licences} licences counted in {seconds} s.".format(
            **document
        )
