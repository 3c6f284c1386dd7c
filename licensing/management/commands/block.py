"""``manage.py block``: keep a user or a machine from an account's licences."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import CommandError, CommandParser

from licensing import rules
from licensing.management import arguments
from licensing.management.operator import OperatorCommand, find_account, find_key, operator
from licensing.models import AccessRule
from licensing.rules import NewRule


class Command(OperatorCommand):
    """Block a user, a machine, or a user on a machine."""

    help = (
        "Keep a user or a machine from an account's licences; * stands for any part of a name. "
        "A program that is open stays open; its seat comes back at its next refresh."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        add_pattern(parser)
        parser.add_argument(
            "--serial-number", metavar="SERIAL", help="only the licence of this serial number"
        )
        parser.add_argument(
            "--everybody", action="store_true", help="confirm a rule that matches everybody"
        )

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        account = find_account(options["account"])
        licence = None
        if serial_number := options["serial_number"]:
            licence = find_key(serial_number).licence
            if licence.account_id != account.pk:
                raise CommandError(f"{serial_number} is not a serial number of {account}.")

        rule = rules.add(
            account,
            NewRule(
                licence=licence,
                username=options["username"] or "",
                machine_name=options["machine"] or "",
            ),
            by=operator(),
            reason=options["reason"],
            even_everybody=options["everybody"],
        )

        return document(rule), f"{rule} for {licence or account}."


def add_pattern(parser: argparse.ArgumentParser) -> None:
    """The arguments that name whom a rule is about, and why."""
    parser.add_argument("--account", type=arguments.text(200), metavar="NAME", required=True)
    parser.add_argument("--username", type=arguments.text(255), metavar="U")
    parser.add_argument("--machine", type=arguments.text(255), metavar="M")
    parser.add_argument("--reason", type=arguments.reason, metavar="TEXT", required=True)


def document(rule: AccessRule) -> dict[str, Any]:
    """A rule for programs."""
    return {
        "rule": rule.pk,
        "account": rule.account.name,
        "licence": rule.licence_id,
        "effect": rule.effect,
        "username": rule.username,
        "machine_name": rule.machine_name,
        "reason": rule.reason,
        "starts_at": rule.starts_at,
        "ends_at": rule.ends_at,
        "created_by": rule.created_by,
    }
