"""``manage.py import_options``: move a FlexNet or RLM options file to access rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from licensing import options as options_import
from licensing.alm import Problem
from licensing.management import arguments
from licensing.management.operator import OperatorCommand, content_of, find_account, operator
from licensing.options_files import Dialect


class Command(OperatorCommand):
    """Show what an options file would make, or make it."""

    help = (
        "Show the access rules that a customer's FlexNet or RLM options file would make, what in "
        "it has no counterpart here, and every line that is not right. With --apply the rules are "
        "added, all of them or none; those that are there already are not added again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        add = parser.add_argument
        add("file", type=Path, metavar="FILE")
        add("--account", type=arguments.text(200), metavar="NAME", required=True)
        add("--format", choices=[*map(str, Dialect)], required=True)
        add(
            "--licences",
            metavar="NAME=SERIAL,...",
            default="",
            help="which licence a product of the file is, where name and product do not say it",
        )
        add("--reason", type=arguments.reason, metavar="TEXT", default="Options file")
        add("--apply", action="store_true", help="add the rules")

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        account = find_account(options["account"])
        content = content_of(options["file"])
        dialect = Dialect(options["format"])
        planned = options_import.plan(account, content, dialect, options["licences"])

        added = 0
        if options["apply"]:
            made = options_import.carry_out(
                account, planned, by=operator(), reason=options["reason"]
            )
            added = len(made)
        document = {
            "rules": len(planned.wanted),
            "there_already": planned.there_already,
            "planned": as_documents(planned.made_of),
            "without_counterpart": as_documents(planned.left),
            "problems": as_documents(planned.problems),
            "added": added,
        }
        return document, words(planned, added)


def as_documents(told: list[Problem]) -> list[dict[str, Any]]:
    """Lines and what is told of them, for programs."""
    return [{"line": one.row, "detail": one.words} for one in told]


def words(planned: options_import.Plan, added: int) -> str:
    """The plan for people."""
    lines = [f"Line {one.row}: {one.words}" for one in planned.made_of]
    lines += [f"Line {one.row} has no counterpart. {one.words}" for one in planned.left]
    lines += [f"Line {one.row} is not right. {one.words}" for one in planned.problems]
    counted = f"{len(planned.wanted)} rules, {planned.there_already} more are there already"
    return "\n".join([*lines, f"{counted}; {added} added."])
