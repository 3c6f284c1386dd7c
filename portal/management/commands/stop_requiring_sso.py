"""``manage.py stop_requiring_sso``: make an account's single sign-on optional again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from licensing.management import arguments
from licensing.management.operator import OperatorCommand, find_account, operator
from portal.sso import single_sign_on


class Command(OperatorCommand):
    """Let the people of an account in that its owners cannot open any more."""

    help = (
        "Make an account's single sign-on optional again, for owners who are locked out: the "
        "provider fails, and nobody among them has two-step sign-in. All owners get a mail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--account", type=arguments.text(200), metavar="NAME", required=True)
        parser.add_argument("--reason", type=arguments.text(500), metavar="TEXT", required=True)

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        account = find_account(options["account"])

        single_sign_on.stop_requiring(account, by=operator(), reason=options["reason"])

        return {"account": str(account)}, f"Single sign-on is optional in {account}."
