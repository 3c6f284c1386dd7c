"""``manage.py set_seats``: change a licence's user limit."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from licensing import licences, pools
from licensing.management import arguments
from licensing.management.operator import OperatorCommand, find_key, operator


class Command(OperatorCommand):
    """Change how many seats the licence of a serial number has."""

    help = (
        "Change how many seats a licence has. With fewer than are in use nobody is closed, "
        "and nobody new starts until use is below the limit."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("serial_number", metavar="SERIAL")
        parser.add_argument("seats", type=arguments.number, metavar="N")
        parser.add_argument("--reason", type=arguments.reason, metavar="TEXT", required=True)

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        key = find_key(options["serial_number"])

        licence = licences.set_seats(
            key.licence, options["seats"], by=operator(), reason=options["reason"]
        )

        in_use = pools.in_use(licence)
        document = {
            "serial_number": key.serial_number,
            "seats": licence.seats,
            "in_use": in_use,
        }
        return document, f"{licence.name}: user limit {licence.seats}, {in_use} in use."
