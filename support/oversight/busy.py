"""When somebody of the staff did something for many accounts within an hour.

Read by one statement that goes through the acts once, however many there are at one moment: each
account counts for an hour from an act for it, or until the next one, and sums along the time say
how many count. Whoever looks at each act by itself reads the acts of its hour again for each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

MOST_ACCOUNTS = 20
"""So many accounts within an hour are not yet unusual."""
WITHIN = dt.timedelta(hours=1)
BUSY = """
    WITH deed AS (
        SELECT DISTINCT actor_id, account_id, at FROM licensing_auditentry
        WHERE actor_kind = 'support' AND part_of IS NULL AND at > %(since)s AND at < %(until)s
    ), span AS (
        SELECT actor_id, at AS since, least(
            at + %(within)s, lead(at) OVER (PARTITION BY actor_id, account_id ORDER BY at)
        ) AS until FROM deed
    ), step AS (
        SELECT actor_id, since AS at, 1 AS more FROM span
        UNION ALL SELECT actor_id, until, -1 FROM span
    ), moment AS (
        SELECT actor_id, at, sum(sum(more)) OVER (PARTITION BY actor_id ORDER BY at) AS accounts,
            lead(at) OVER (PARTITION BY actor_id ORDER BY at) AS until
        FROM step GROUP BY actor_id, at
    )
    SELECT actor_id, at, until FROM moment WHERE accounts > %(most)s ORDER BY actor_id, at
"""


@dataclass(slots=True)
class Busy:
    """From when until before when somebody had so many accounts behind them."""

    actor_id: str
    since: dt.datetime
    until: dt.datetime

    @property
    def holds(self) -> Q:
        """That an act falls into it."""
        return Q(actor_id=self.actor_id, at__gte=self.since, at__lt=self.until)


def many_accounts(since: dt.datetime, until: dt.datetime) -> Q:
    """That an act, of those between the two, is one for many accounts within an hour."""
    wanted = Q(pk=None)
    for one in joined(busy_between(since, until)):
        wanted |= one.holds
    return wanted


def busy_between(since: dt.datetime, until: dt.datetime) -> Iterator[Busy]:
    """Each time between two acts at which it was so."""
    values: dict[str, Any] = {
        "since": since - WITHIN,
        "until": until,
        "within": WITHIN,
        "most": MOST_ACCOUNTS,
    }
    with connection.cursor() as cursor:
        cursor.execute(BUSY, values)
        yield from (Busy(*row) for row in cursor.fetchall())


def joined(times: Iterator[Busy]) -> list[Busy]:
    """The same, those being one that follow one another."""
    found: list[Busy] = []
    for one in times:
        if found and (found[-1].actor_id, found[-1].until) == (one.actor_id, one.since):
            found[-1].until = one.until
        else:
            found.append(one)
    return found
