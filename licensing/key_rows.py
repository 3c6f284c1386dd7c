"""A product key read in one row with its licence, product and account."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from django.db import models

from licensing.models import Account, Licence, Product, ProductKey

FOUND_WITH_KEY = (ProductKey, Licence, Product, Account)


def columns(alias: str, model: type[models.Model]) -> str:
    """The model's columns in their order, as ``from_db`` takes them."""
    return ", ".join(f"{alias}.{field.column}" for field in model._meta.concrete_fields)


# The last is today's date where the account is.
KEY_AND_ALL_OF_IT = f"""
    {columns("key", ProductKey)}, {columns("licence", Licence)},
    {columns("product", Product)}, {columns("account", Account)},
    (statement_timestamp() AT TIME ZONE account.time_zone)::date
"""
KEY_WITH_ITS_LICENCE = """
    licensing_productkey key
    JOIN licensing_licence licence ON licence.id = key.licence_id
    JOIN licensing_product product ON product.id = licence.product_id
    JOIN licensing_account account ON account.id = licence.account_id
"""
HAS_SERIAL_NUMBER = "key.serial_number = %(serial_number)s::varchar"
FIND_KEY = f"SELECT {KEY_AND_ALL_OF_IT} FROM {KEY_WITH_ITS_LICENCE} WHERE {HAS_SERIAL_NUMBER}"


def key_from(row: Sequence[Any]) -> ProductKey:
    """The key, its licence, product and account that a row of KEY_AND_ALL_OF_IT holds.

    The same as ``select_related`` would give, which takes longer to build its query
    than to run it.
    """
    values = iter(row)
    made: list[Any] = [
        model.from_db("default", names, [next(values) for _ in names])
        for model, names in zip(FOUND_WITH_KEY, attributes(), strict=True)
    ]
    key, licence, product, account = made
    licence.today = next(values)
    licence.product, licence.account = product, account
    key.licence, key.account = licence, account
    return key  # type: ignore[no-any-return]


@functools.cache
def attributes() -> list[list[str]]:
    """What the columns of each model of FOUND_WITH_KEY are called in Python."""
    return [[field.attname for field in model._meta.concrete_fields] for model in FOUND_WITH_KEY]
