"""``manage.py export_usage``: an account's use by the hour, for a data warehouse."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from licensing import standby
from licensing.management import arguments
from licensing.management.operator import OperatorCommand, find_account
from licensing.models import Account
from licensing.usage.values import hour_of
from licensing.usage.working_time import DAY
from portal.api.use_documents import AccountUse, use_document
from portal.exports import warehouse
from portal.management.output import writing
from portal.usage.hours import Hours

LONGEST = 10 * 366 * DAY
NO_PARQUET = (
    "Parquet is written by the package pyarrow, which is not installed: install it (the extra "
    "'parquet'), or ask for --format csv."
)


class Command(OperatorCommand):
    """Write the hours of an account's licences into a file, or to standard output."""

    help = (
        "Write what use each licence of an account had in each hour of UTC that a range touches: "
        "the rows and columns of the customer API's /api/v1/account/usage, of all licences. "
        "Without --output to standard output."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        add = parser.add_argument
        add("--account", type=arguments.text(200), metavar="NAME", required=True)
        add("--since", type=arguments.moment, metavar="TIME", required=True, help=arguments.MOMENT)
        add("--until", type=arguments.moment, metavar="TIME", help="(default: now)")
        add("--format", choices=["csv", "parquet"], default="csv", help="(default: %(default)s)")
        add("--output", type=Path, metavar="FILE", help="a file that is there is replaced")

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        since, until = options["since"], options["until"] or timezone.now()
        arguments.require_range(since, until, longest=LONGEST)
        rows = use_of(find_account(options["account"]), since, until)
        try:
            with writing(options["output"]) as file:
                written = warehouse.write(file, options["format"], AccountUse, rows)
        except warehouse.NoParquet:
            raise CommandError(NO_PARQUET) from None
        document = {"rows": written, "format": options["format"], "file": options["output"]}
        return document | {"file": str(options["output"] or "-")}, f"{written} hours written."

    def answer(self, document: dict[str, Any], words: str, *, as_json: bool) -> None:
        """Where the rows went to standard output, nothing else does."""
        if document["file"] != "-":
            super().answer(document, words, as_json=as_json)


def use_of(account: Account, since: dt.datetime, until: dt.datetime) -> Iterator[AccountUse]:
    """The hours of all licences, the first one first, read a day at a time."""
    licences = list(account.licences.order_by("pk"))
    since, until = hour_of(since), min(until, timezone.now())
    days = range(max(-((since - until) // DAY), 0))
    with click.progressbar(
        days, file=sys.stderr, hidden=not sys.stderr.isatty(), label="Days"
    ) as each:
        for number in each:
            start = since + DAY * number
            hours = Hours(licences, start, min(start + DAY, until))
            for found in standby.read(hours.first):
                yield use_document(found)
