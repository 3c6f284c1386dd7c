"""Which version of a product's programs machines had last; read from sessions, nothing is kept."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.db import connection

from licensing.models import Product

# One pass over all sessions of that time: a million of them take one to two seconds.
COUNTED = """
    SELECT account.name, last.version, count(*), count(*) FILTER (WHERE last.ended_at IS NULL)
    FROM (
        SELECT DISTINCT ON (session.account_id, session.machine)
            session.account_id, session.version, session.ended_at
        FROM licensing_everysession session
        JOIN licensing_licence licence ON licence.id = session.licence_id
        WHERE licence.product_id = %(product)s
            AND session.refreshed_at > statement_timestamp() - %(within)s
        ORDER BY session.account_id, session.machine, session.refreshed_at DESC
    ) last
    JOIN licensing_account account ON account.id = last.account_id
    GROUP BY account.id, last.version
"""


class Seen(NamedTuple):
    """How many of an account's machines had this version last, and how many are open now."""

    account: str
    version: str
    machines: int
    is_open: int


def seen(product: Product, *, within: dt.timedelta) -> list[Seen]:
    """Each account's versions of a product, of the machines that were seen within this time."""
    asked: dict[str, Any] = {"product": product.pk, "within": within}
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, asked)
        return [Seen(*row) for row in cursor.fetchall()]
