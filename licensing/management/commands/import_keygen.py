"""``manage.py import_keygen``: move a customer's licences and machines from Keygen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from licensing import keygen, keygen_making
from licensing.alm import Problem
from licensing.management import arguments
from licensing.management.operator import OperatorCommand, content_of, find_account, operator


class Command(OperatorCommand):
    """Show what Keygen's licences and machines would make, or make it."""

    help = (
        "Show the licences that a customer's Keygen licences would become, the machines that "
        "would be bound to single-user ones, and every row that is not right. Files are JSON:API "
        "documents, or CSV with the same names. With --apply it is done, all of it or nothing; "
        "what was brought before is not brought again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        add = parser.add_argument
        add("files", type=Path, nargs="+", metavar="FILE", help="licences, and machines")
        add("--account", type=arguments.text(200), metavar="NAME", required=True)
        add("--product", type=arguments.text(100), metavar="CODE", required=True)
        add("--reason", type=arguments.reason, metavar="TEXT", default="Move from Keygen")
        add("--apply", action="store_true", help="issue the licences and bind the machines")

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        account = find_account(options["account"])
        contents = map(content_of, options["files"])
        planned = keygen.plan(account, options["product"], *contents)

        issued = []
        if options["apply"]:
            issued = keygen_making.carry_out(
                account, planned, by=operator(), reason=options["reason"]
            )
        document = {
            "planned": [licence_document(one) for one in planned.licences],
            "devices": [one.machine_name for one in planned.devices],
            "there_already": planned.there_already,
            "left": as_documents(planned.left),
            "problems": as_documents(planned.problems),
            "issued": [licence.pk for licence in issued],
        }
        return document, words(planned, len(issued))


def licence_document(one: keygen.NewLicence) -> dict[str, Any]:
    """A planned licence for programs."""
    return {
        "keygen": one.id,
        "name": one.order.name,
        "usage_model": str(one.order.usage_model),
        "seats": one.order.seats,
        "ends_on": one.order.ends_on,
        "suspended": one.is_suspended,
    }


def as_documents(told: list[Problem]) -> list[dict[str, Any]]:
    """Rows and what is told of them, for programs."""
    return [{"row": one.row, "detail": one.words} for one in told]


def words(planned: keygen.Plan, issued: int) -> str:
    """The plan for people."""
    lines = [str(one) for one in planned.licences]
    lines += [f"Row {one.row} is left out. {one.words}" for one in planned.left]
    lines += [f"Row {one.row} is not right. {one.words}" for one in planned.problems]
    counted = f"{len(planned.licences)} licences, {len(planned.devices)} machines"
    there = f"{planned.there_already} more are there already"
    return "\n".join([*lines, f"{counted}, {there}; {issued} licences issued."])
