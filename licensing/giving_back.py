"""Giving back all the seats of a key or of a licence that has ended, thousands at once."""

from __future__ import annotations

from licensing.hot import fetch_value
from licensing.models import Licence, ProductKey
from licensing.models.sessions import EndReason
from licensing.pool_statements import END_OF_KEY, END_OF_LICENCE
from licensing.pools import BATCH, give_back


def all_of(key: ProductKey) -> int:
    """End the open sessions that a key has and free their seats; return how many.

    Thousands by one statement, or their refreshes would wait for all of them to end.
    """
    return all_by(key, END_OF_KEY, EndReason.KEY_REVOKED, key=key.pk)


def all_in(licence: Licence) -> int:
    """The same of all open sessions of a licence that is over."""
    return all_by(licence, END_OF_LICENCE, EndReason.LICENCE_ENDED, licence=licence.pk)


def all_by(of: ProductKey | Licence, statement: str, reason: EndReason, **values: int) -> int:
    """End by the statement what ends together, then the others; return how many."""
    ended = 0
    while batch := fetch_value(statement, values | {"batch": BATCH}):
        ended += batch
    others = of.sessions.active().order_by("pk").values_list("pk", flat=True)
    return ended + sum(give_back(pk, reason) for pk in others)
