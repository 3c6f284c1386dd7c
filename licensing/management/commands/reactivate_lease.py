"""``manage.py reactivate_lease``: replace a lease licence by a single-user licence."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from licensing import licences
from licensing.management import arguments, orders
from licensing.management.operator import OperatorCommand, find_key, operator


class Command(OperatorCommand):
    """Reactivate a lease licence."""

    help = (
        "Replace a lease licence by a single-user licence with the same features and end date, "
        "and no device bound. The lease licence is closed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("serial_number", metavar="SERIAL")
        parser.add_argument("--reason", type=arguments.reason, metavar="TEXT", required=True)

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        lease = find_key(options["serial_number"]).licence

        key, product_key = licences.reactivate_lease(lease, by=operator(), reason=options["reason"])

        document = {
            "account": lease.account.name,
            "licence": key.licence_id,
            "serial_number": key.serial_number,
            "product_key": product_key,
            "replaces": lease.pk,
        }
        words = (
            f"A single-user licence replaces the lease {lease}.\n"
            f"{orders.key_in_words(key, product_key)}"
        )
        return document, words
