"""``manage.py export_account``: everything of an account as one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from licensing.management import arguments
from licensing.management.operator import OperatorCommand, find_account, operator
from portal.exports import files, full
from portal.management.output import writing


class Command(OperatorCommand):
    """Write an account with all that it has into an archive."""

    help = (
        "Write everything of an account, as JSON Lines and CSV in one ZIP archive that "
        "docs/export.md documents: no secrets, product keys by their last four characters. "
        "import_account reads it back in where the account is not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        add = parser.add_argument
        add("--account", type=arguments.text(200), metavar="NAME", required=True)
        add("--output", type=Path, metavar="FILE", required=True, help="is replaced if it is there")

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        account, output = find_account(options["account"]), options["output"]
        with writing(output) as file:
            rows = full.write(file, account)
        files.record(account, full.FULL, full.ENDING, by=operator(), rows=rows)
        return {"rows": rows, "file": str(output)}, f"{rows} rows of {account} are in {output}."
