"""``manage.py reissue_key``: replace a key by a new one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import CommandParser

from licensing import keys
from licensing.management import arguments, orders
from licensing.management.operator import OperatorCommand, find_key, operator


class Command(OperatorCommand):
    """Issue a key in place of an old one and print it."""

    help = (
        "Give a licence a new key in place of an old one. Open sessions go on; when the "
        "overlap has ended, the old key opens no new ones."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("serial_number", metavar="SERIAL")
        parser.add_argument("--reason", type=arguments.reason, metavar="TEXT", required=True)
        parser.add_argument("--overlap", type=arguments.duration_or_none, default=dt.timedelta(),
            metavar="DURATION",
            help="how long the old key opens sessions too, as 24h or 7d, at most 30d "
            "(default: not at all)")  # fmt: skip

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        old = find_key(options["serial_number"])

        new, product_key = keys.reissue(
            old, by=operator(), reason=options["reason"], overlap=options["overlap"]
        )

        document = {
            "serial_number": new.serial_number,
            "product_key": product_key,
            "supersedes": old.serial_number,
        }
        words = f"A new key replaces {old.serial_number}.\n{orders.key_in_words(new, product_key)}"
        return document, words
