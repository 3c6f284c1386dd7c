"""``manage.py issue_licence``: sell an account a licence."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from licensing import licences
from licensing.management import orders
from licensing.management.operator import OperatorCommand, operator
from licensing.models.licences import UsageModel
from licensing.orders import require_on_sale


class Command(OperatorCommand):
    """Issue a licence and print its serial number and product key."""

    help = (
        "Issue a licence with its seats and first key, and print its serial number and "
        "product key. The account is made if there is none of that name."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        orders.add_arguments(parser)
        parser.add_argument(
            "--model",
            choices=["concurrent", "single-user"],
            default="concurrent",
            help="concurrent: a pool of seats; single-user: each seat is bound to one device "
            "(default: %(default)s)",
        )

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        order = orders.order_from(options, UsageModel(options["model"]))

        require_on_sale(order)
        key, product_key = licences.issue(order, by=operator())

        if words := orders.short_policy_in_words(order):
            self.stderr.write(words, self.style.WARNING)
        return orders.answer("Issued %s to %s", key, product_key)
