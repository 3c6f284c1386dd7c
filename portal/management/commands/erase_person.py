"""``manage.py erase_person``: put a random name in place of a person's."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from licensing.management.operator import OperatorCommand, operator
from portal.management.commands.export_person import add_person, person_of
from portal.people import erasing


class Command(OperatorCommand):
    """Erase a person from an account."""

    help = (
        "Put a random name in place of a person's, everywhere in an account: sessions and refusals "
        "(also of long ago), devices, rules, requests, the audit record. Every count stays, and "
        "the record's chain stays whole. There is no way back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        add_person(parser)
        parser.add_argument(
            "--release",
            action="store_true",
            help="give their seats back and free their devices first",
        )

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        held = person_of(options)
        entry, _names = erasing.erase(
            held, by=operator(), reason=options["reason"], release=options["release"]
        )
        told = {name: value for name, value in entry.details.items() if name != "seal"}
        counts = ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in told.items() if n)
        return told, f"Erased: {counts}."
