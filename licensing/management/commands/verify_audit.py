"""``manage.py verify_audit``: check that nobody altered the audit record."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from licensing import audit
from licensing.management import arguments
from licensing.management.operator import OperatorCommand, find_account
from licensing.models import Account


class Command(OperatorCommand):
    """Check the hash chain of each account's audit entries."""

    help = (
        "Check the hash chain of each account's audit entries. The exit code is 1, and the "
        "numbers are listed, where an entry is missing or was altered."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--account", type=arguments.text(200), metavar="NAME",
            help="check one account only (default: all)")  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the answer, and fail when a chain is broken."""
        super().handle(*args, **options)
        if self.is_broken:
            raise CommandError("The audit record is not whole.")

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        name = options["account"]
        accounts = [find_account(name)] if name else Account.objects.iterator()

        checked, broken, words = 0, [], []
        for account in accounts:
            checked += 1
            if numbers := list(audit.broken_links(account)):
                broken.append({"account": account.name, "numbers": numbers})
                words.append(f"{account}: broken at {', '.join(map(str, numbers))}.")

        self.is_broken = bool(broken)
        words.append(f"Unbroken: {checked - len(broken)} of {checked} accounts.")
        return {"accounts": checked, "broken": broken}, "\n".join(words)
