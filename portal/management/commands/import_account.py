"""``manage.py import_account``: an account's export, read back in where the account is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from licensing.management import arguments
from licensing.management.operator import OperatorCommand, operator
from licensing.models import Account
from portal.exports import full_checks, made_anew, reading_back


class Command(OperatorCommand):
    """Show what an account's export would make here, or make it."""

    help = (
        "Show what an account's export (export_account) would make in this installation, which "
        "does not have the account: licences with features and new keys, bound devices, rules, "
        "notes, tags, and invitations for its people; and every row that is not right. With "
        "--apply it is made, all of it or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        add = parser.add_argument
        add("file", type=Path, metavar="FILE")
        add("--name", type=arguments.text(200), help="what the account is called here, if not so")
        add("--reason", type=arguments.reason, metavar="TEXT", default="Read from an export")
        mode = parser.add_mutually_exclusive_group()
        mode.add_argument("--dry-run", action="store_true", help="only show it (the default)")
        mode.add_argument("--apply", action="store_true", help="make it")

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        try:
            with options["file"].open("rb") as file:
                reading = reading_back.plan(file, name=options["name"] or "")
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        account = Account()
        if options["apply"]:
            made_anew.make(reading, account, by=operator(), reason=options["reason"])
        document = {
            "planned": {kind: len(rows) for kind, rows in reading.rows.items()},
            "not_brought": reading.left,
            "problems": [str(problem) for problem in reading.problems],
            "account": account.pk,
        }
        return document, "\n".join([*words(reading), "Made." if account.pk else "Nothing made."])


def words(reading: full_checks.Reading) -> list[str]:
    """The reading for people."""
    planned = [f"{kind}: {len(rows):,}" for kind, rows in reading.rows.items()]
    left = [f"{kind}: {number:,} not brought" for kind, number in reading.left.items()]
    return [*planned, *left, *map(str, reading.problems)]
