"""Denials: every refused check-out is written down, folded.

One row per person, licence, code and ten minutes, with a count: a client that
asks again every few seconds does not hide the others, and whoever asks under ever
new names, with the key or without, fills no table.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from licensing import clock
from licensing.denial_statements import OF_A_KEY, OF_NO_KEY
from licensing.errors import LicensingError
from licensing.hot import fetch_row
from licensing.identity import Client
from licensing.models import ProductKey
from licensing.models.denials import PERSON, DenialQuerySet

MOST_NAMED = 200
"""How many refusals of one key are written down by name in ten minutes; all others share one
row for each code. Those with a wrong key are counted apart: they hide nobody who has the key."""
SOMEBODY = "*"
"""The user and machine of that row."""


def record(key: ProductKey | None, client: Client, refusal: LicensingError) -> None:
    """Write down that ``client`` was refused.

    Called outside any transaction: the check-out's has rolled back. ``key`` is None when the
    serial number is not one of ours. It is on disk when this returns.
    """
    row = fetch_row(OF_A_KEY if key else OF_NO_KEY, written_down(key, client, refusal))
    if row:
        clock.database.hear(row[0])


def written_down(key: ProductKey | None, client: Client, refusal: LicensingError) -> dict[str, Any]:
    """What is written down of a refusal."""
    return counted_as(client, key.pk if key else None) | {
        "licence": key.licence_id if key else None,
        "key": key.pk if key else None,
        "code": refusal.code,
        "seats": refusal.extra.get("seats"),
        "in_use": refusal.extra.get("in_use"),
    }


def counted_as(client: Client, key_id: int | None) -> dict[str, Any]:
    """What is written down of who was refused, by name or among the many."""
    return {
        "identity": client.identity,
        "machine_name": client.machine_name,
        "username": client.username,
        "version": client.version,
        "request_id": client.request_id,
        "everybody": everybody(key_id).identity,
        "somebody": SOMEBODY,
        "most": MOST_NAMED,
    }


@functools.lru_cache
def everybody(key_id: int | None) -> Client:
    """Those of a key who are not named, each key's apart."""
    of_key = str(key_id) if key_id else ""
    return Client(machine_name=SOMEBODY, username=SOMEBODY, version="", os_session=of_key)


@dataclass(frozen=True, slots=True)
class Since:
    """When the days began that are counted: the last 7, the last 14, the last 30."""

    week: dt.datetime
    week_before: dt.datetime
    month: dt.datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many true denials there were: in 7 days, the 7 before those, and in 30 days.

    ``people`` are those who met a full pool in 7 days; a sum knows none, for who met two
    pools would be counted twice.
    """

    week: int = 0
    week_before: int = 0
    month: int = 0
    people: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.week + other.week,
            self.week_before + other.week_before,
            self.month + other.month,
        )


NONE = Counts()


def count_true(denials: DenialQuerySet, *, since: Since) -> dict[int, Counts]:
    """The true ones of each licence that had any in 30 days, by its id; one query."""
    met_full_pool = Q(last_at__gte=since.week, code="pool_exhausted")
    rows = (
        denials.filter(last_at__gte=since.month)
        .true()
        .order_by()
        .values_list("licence")
        .annotate(**counted(since), people=Count(PERSON, filter=met_full_pool, distinct=True))
    )
    return {licence: Counts(*counts) for licence, *counts in rows}


def counted(since: Since) -> dict[str, Count]:
    """How many there are in each of the times that Counts tells."""
    week, week_before = Q(last_at__gte=since.week), Q(last_at__gte=since.week_before)
    return {
        "week": Count("pk", filter=week),
        "week_before": Count("pk", filter=week_before & ~week),
        "month": Count("pk", filter=Q(last_at__gte=since.month)),
    }
