"""``manage.py set_feature``: include a feature in a licence, or change its limit."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from licensing import catalogue, included
from licensing.management import arguments
from licensing.management.operator import OperatorCommand, find_key, operator


class Command(OperatorCommand):
    """Include a feature in the licence of a serial number, or change its limit."""

    help = (
        "Include a feature in a licence, or change for how many people at once: 4d:3 for three, "
        "4d for as many as the licence has. Nobody loses a seat that they hold."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("serial_number", metavar="SERIAL")
        parser.add_argument("feature", type=arguments.text(100), metavar="CODE[:N]")
        parser.add_argument("--reason", type=arguments.reason, metavar="TEXT", required=True)

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        licence = find_key(options["serial_number"]).licence
        wanted = catalogue.find_features(licence.product, [options["feature"]])
        [(feature, seats)] = wanted.items()

        included.put(licence, feature, seats=seats, by=operator(), reason=options["reason"])

        document = {
            "serial_number": options["serial_number"],
            "feature": feature.code,
            "seats": seats,
        }
        limit = "no limit of its own" if seats is None else f"user limit {seats}"
        return document, f"{licence.name}: {feature}, {limit}."
