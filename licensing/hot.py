"""How the hot statements are run: prepared, and together with others where they go with them."""

from __future__ import annotations

from typing import Any

from django.db import connection

from licensing import prepared
from licensing.batches import TOGETHER
from licensing.prepared import Row, Values


def fetch_value(statement: str, values: Values) -> Any:
    """The first value of the statement's first row, or None."""
    row = fetch_row(statement, values)
    return row[0] if row else None


def fetch_row(statement: str, values: Values) -> Row | None:
    """The statement's first row, or None.

    What it did is committed, unless it is part of a transaction; that is nobody else's affair.
    """
    together = TOGETHER.get(statement)
    if together is None or connection.in_atomic_block:
        return prepared.fetch_one(statement, values)
    return together.run(statement, values)
