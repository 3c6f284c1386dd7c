"""What commands ask and print that enter a licence for an account."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import CommandParser

from licensing import licences
from licensing.licences import OfflinePolicy, Order
from licensing.management import arguments
from licensing.models import ProductKey
from licensing.models.catalogue import DEFAULT_PRODUCT
from licensing.models.licences import UsageModel
from licensing.policies import meaning_of_short

DURATION = "as 90s, 15m, 48h or 30d"


def add_arguments(parser: CommandParser) -> None:
    """Everything about the licence but its usage model."""
    add = parser.add_argument
    add("--account", type=arguments.text(200), metavar="NAME", required=True)
    add("--product", default=DEFAULT_PRODUCT, metavar="CODE", help="(default: %(default)s)")
    add("--seats", type=arguments.number, metavar="N", required=True, help="the user limit")
    add("--features", type=arguments.codes, default=[], metavar="CODES", help="such as bim,4d")
    add("--name", type=arguments.text(100), metavar="LABEL",
        help="what the customer calls it, such as 'London planners'")  # fmt: skip
    add("--starts", type=arguments.date, metavar="DATE", help="first day, as 2026-01-15")
    add("--ends", type=arguments.date, metavar="DATE", help="last day, as 2027-01-14")
    add("--grace", type=arguments.duration, metavar="DURATION",
        help=f"how long a program goes on without a refresh, {DURATION} "
        "(default: 48h, single-user 30d); below 15m programs refresh more often, and the "
        "command says what it means")  # fmt: skip
    add("--reclaim-after", type=arguments.duration_or_never, metavar="DURATION",
        default=argparse.SUPPRESS,
        help=f"when a seat may go to somebody else, {DURATION}, or never "
        "(default: 48h, single-user never); below 15m as above")  # fmt: skip


def order_from(options: dict[str, Any], usage_model: UsageModel) -> Order:
    """What the command line orders; the offline policy is the model's own where it says nothing."""
    usual = licences.default_policy(usage_model)
    return Order(
        account_name=options["account"],
        seats=options["seats"],
        product=options["product"],
        usage_model=usage_model,
        name=options["name"] or "",
        features=options["features"],
        starts_on=options["starts"],
        ends_on=options["ends"],
        policy=OfflinePolicy(
            options["grace"] or usual.grace_period,
            options.get("reclaim_after", usual.reclaim_after),
        ),
    )


def short_policy_in_words(order: Order) -> str:
    """What a short offline policy asks of programs and PCs; nothing for others."""
    assert order.policy
    is_concurrent = order.usage_model == UsageModel.CONCURRENT
    return meaning_of_short(order.policy, is_concurrent=is_concurrent)


def answer(done: str, key: ProductKey, product_key: str) -> tuple[dict[str, Any], str]:
    """The licence that was entered, with the plain product key: as a document, and in words.

    ``done`` has a place for its name and one for the account.
    """
    licence = key.licence
    document = {
        "account": licence.account.name,
        "licence": licence.pk,
        "serial_number": key.serial_number,
        "product_key": product_key,
    }
    words = (
        f"{done % (licence.name, licence.account)}: licence {licence.pk}, "
        f"{licence.get_usage_model_display().lower()}, user limit {licence.seats}.\n"
        f"{key_in_words(key, product_key)}"
    )
    return document, words


def key_in_words(key: ProductKey, product_key: str) -> str:
    """What the customer needs: the serial number and the plain product key, a line each."""
    return f"Serial number  {key.serial_number}\nProduct key    {product_key}"
