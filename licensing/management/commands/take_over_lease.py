"""``manage.py take_over_lease``: enter a lease licence that a customer has already."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from licensing import licences
from licensing.management import arguments, orders
from licensing.management.operator import OperatorCommand, operator
from licensing.models.licences import UsageModel


class Command(OperatorCommand):
    """Enter a lease licence and print its serial number and product key."""

    help = (
        "Enter a lease licence that a customer bought when they were sold, so that it is "
        "honoured, and print its serial number and product key. It works as a single-user "
        "licence does; reactivate_lease makes it one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        orders.add_arguments(parser)
        parser.add_argument("--reason", type=arguments.reason, metavar="TEXT", required=True)

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        order = orders.order_from(options, UsageModel.LEASE)

        key, product_key = licences.take_over_lease(order, by=operator(), reason=options["reason"])

        if words := orders.short_policy_in_words(order):
            self.stderr.write(words, self.style.WARNING)
        return orders.answer("Took over %s of %s", key, product_key)
