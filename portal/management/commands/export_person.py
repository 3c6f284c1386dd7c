"""``manage.py export_person``: all that an account holds on one person."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from licensing.management import arguments
from licensing.management.operator import OperatorCommand, find_account, operator
from portal.people import personal_data
from portal.people.personal_data import PersonalData


def add_person(parser: CommandParser) -> None:
    """Say who is meant, and why."""
    parser.add_argument("--account", type=arguments.text(200), metavar="NAME", required=True)
    parser.add_argument("--username", type=arguments.text(255), metavar="U", help="as on their PC")
    parser.add_argument(
        "--email", type=arguments.text(254), metavar="E", help="as they sign in here"
    )
    parser.add_argument("--reason", type=arguments.reason, metavar="TEXT", required=True)


def person_of(options: dict[str, Any]) -> PersonalData:
    """Who is meant; raise CommandError when nobody is."""
    if not (options["username"] or options["email"]):
        raise CommandError("Give --username, --email or both.")
    account = find_account(options["account"])
    return PersonalData(account, options["username"] or "", options["email"] or "")


class Command(OperatorCommand):
    """Print all that an account holds on one person, as JSON."""

    help = (
        "Print all that an account holds on one person as JSON, under each form of their name. "
        "That it was handed out stands in the account's audit record."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        add_person(parser)

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        held = person_of(options)
        document = personal_data.export(held, by=operator(), reason=options["reason"])
        return document, json.dumps(document, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
