"""``manage.py set_state``: suspend, reinstate or close a licence."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from licensing import licences
from licensing.management import arguments
from licensing.management.operator import OperatorCommand, find_key, operator
from licensing.models.licences import LicenceState


class Command(OperatorCommand):
    """Change the state of the licence of a serial number."""

    help = "Suspend, reinstate or close a licence. Programs that are open stay open."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("serial_number", metavar="SERIAL")
        parser.add_argument("state", choices=LicenceState.values)
        parser.add_argument("--reason", type=arguments.reason, metavar="TEXT", required=True)

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        key, state = find_key(options["serial_number"]), LicenceState(options["state"])

        licence = licences.set_state(key.licence, state, by=operator(), reason=options["reason"])

        document = {"serial_number": key.serial_number, "state": licence.state}
        return document, f"{licence.name} is {state.label.lower()}."
