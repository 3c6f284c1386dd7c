"""``manage.py import_alm``: move a customer's Asta Licence Manager list to cloud licences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from licensing import accounts, alm
from licensing.licences import Order
from licensing.management import arguments
from licensing.management.operator import OperatorCommand, content_of, operator


class Command(OperatorCommand):
    """Show what an ALM list would make, or make it."""

    help = (
        "Show the concurrent licences that a customer's ALM list (CSV with the columns server, "
        "product, licences, features, split) would make, and every row that is not right. "
        "With --apply they are issued, all of them or none."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--account", type=arguments.text(200), metavar="NAME", required=True)
        parser.add_argument("--reason", type=arguments.reason, metavar="TEXT", default="ALM move")
        parser.add_argument("--apply", action="store_true", help="issue the licences")

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        planned = alm.plan(options["account"], content_of(options["file"]))

        issued = []
        if options["apply"]:
            made = alm.carry_out(planned, by=operator(), reason=options["reason"])
            issued = [
                {
                    "licence": key.licence_id,
                    "serial_number": key.serial_number,
                    "product_key": secret,
                }
                for key, secret in made
            ]
        document = {
            "planned": [order_document(order) for order in planned.orders],
            "problems": [
                {"row": problem.row, "detail": problem.words} for problem in planned.problems
            ],
            "issued": issued,
        }
        return document, "\n".join([whose(options["account"]), *words(planned, issued)])


def whose(name: str) -> str:
    """Whose licences they are: an account's that is there, or a new one's."""
    account = accounts.find(name)
    return f"For {account}:" if account else f"For {accounts.as_written(name)}, a new account:"


def order_document(order: Order) -> dict[str, Any]:
    """A planned licence for programs."""
    return {
        "name": order.name,
        "product": order.product,
        "seats": order.seats,
        "features": list(order.features),
    }


def words(planned: alm.Plan, issued: list[dict[str, Any]]) -> list[str]:
    """The plan for people, with the keys where it was carried out."""
    keys = [f"  {key['serial_number']}  {key['product_key']}" for key in issued]
    keys += [""] * (len(planned.orders) - len(keys))
    lines = [
        f"{order.name}: {order.seats} seats of {order.product}{key}"
        for order, key in zip(planned.orders, keys, strict=True)
    ]
    return [*lines, *map(str, planned.problems)]
