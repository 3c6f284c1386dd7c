"""``manage.py remove_feature``: take a feature out of a licence."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from licensing import catalogue, included
from licensing.management import arguments
from licensing.management.operator import OperatorCommand, find_key, operator


class Command(OperatorCommand):
    """Take a feature out of the licence of a serial number."""

    help = (
        "Take a feature out of a licence. Programs that are open stay open and lose it at their "
        "next refresh."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("serial_number", metavar="SERIAL")
        parser.add_argument("feature", type=arguments.text(100), metavar="CODE")
        parser.add_argument("--reason", type=arguments.reason, metavar="TEXT", required=True)

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        licence = find_key(options["serial_number"]).licence
        [feature] = catalogue.find_features(licence.product, [options["feature"]])

        included.remove(licence, feature, by=operator(), reason=options["reason"])

        document = {"serial_number": options["serial_number"], "feature": feature.code}
        return document, f"{licence.name} does not include {feature} any more."
