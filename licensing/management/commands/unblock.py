"""``manage.py unblock``: lift what ``block`` set."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from licensing import rules
from licensing.management.commands.block import add_pattern, document
from licensing.management.operator import OperatorCommand, find_account, operator
from licensing.models.rules import Effect


class Command(OperatorCommand):
    """Lift every block in force that was set for exactly this user and machine."""

    help = "Lift every block of an account that was set for exactly this user and machine."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        add_pattern(parser)

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        account = find_account(options["account"])
        username, machine_name = options["username"] or "", options["machine"] or ""
        blocks = rules.same_pattern(account, username, machine_name)
        lifted = [
            rule
            for rule in blocks.filter(effect=Effect.BLOCK)
            if rules.lift(rule, by=operator(), reason=options["reason"])
        ]
        if not lifted:
            raise CommandError(
                f"{account} has no block in force for user {username or '*'!r} "
                f"on machine {machine_name or '*'!r}."
            )

        for rule in lifted:
            rule.refresh_from_db()
        first, *more = [document(rule) for rule in lifted]
        return first | {"also_lifted": [rule["rule"] for rule in more]}, "\n".join(
            f"Lifted: {rule}." for rule in lifted
        )
