"""Denials: every refused check-out is written down, folded.

One row per person, licence, code and ten minutes, with a count: a client that
asks again every few seconds does not hide the others, and a stranger who guesses
under ever new names fills no table.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.db.models import Count, Q
from django.db.models.functions import Now

from licensing.errors import KeyInvalid, LicensingError
from licensing.grants import fetch_value
from licensing.identity import Client
from licensing.models import Denial, ProductKey
from licensing.models.denials import PERSON, DenialQuerySet

MOST_GUESSERS = 200
"""How many people with a wrong key are named in ten minutes; all others share one row."""
SOMEBODY = "*"
"""The user and machine of that row."""

RECORD = """
    INSERT INTO licensing_denial (
        account_id, licence_id, key_id, code, identity, machine_name, username, version,
        folded_from, count, first_at, last_at, seats, in_use
    ) VALUES (
        %(account)s, %(licence)s, %(key)s, %(code)s, %(identity)s, %(machine_name)s, %(username)s,
        %(version)s, date_bin('10 minutes', statement_timestamp(), '2000-01-01Z'), 1,
        statement_timestamp(), statement_timestamp(), %(seats)s, %(in_use)s
    )
    ON CONFLICT (licence_id, identity, code, folded_from) DO UPDATE SET
        count = licensing_denial.count + 1, last_at = EXCLUDED.last_at,
        seats = EXCLUDED.seats, in_use = EXCLUDED.in_use, version = EXCLUDED.version
    RETURNING id
"""


def record(key: ProductKey | None, client: Client, refusal: LicensingError) -> None:
    """Write down that ``client`` was refused.

    Called outside the check-out's transaction, which has rolled back. ``key`` is
    None when the serial number is not one of ours.
    """
    if isinstance(refusal, KeyInvalid) and not is_named(key, client):
        client = replace(client, machine_name=SOMEBODY, username=SOMEBODY, os_session="")
    fetch_value(
        RECORD,
        {
            "account": key.account_id if key else None,
            "licence": key.licence_id if key else None,
            "key": key.pk if key else None,
            "code": refusal.code,
            "identity": client.identity,
            "machine_name": client.machine_name,
            "username": client.username,
            "version": client.version,
            "seats": refusal.extra.get("seats"),
            "in_use": refusal.extra.get("in_use"),
        },
    )


def is_named(key: ProductKey | None, client: Client) -> bool:
    """Whether somebody with a wrong key gets a row: there are few such, or has one already."""
    guesses = Denial.objects.filter(
        licence=key.licence_id if key else None,
        code=KeyInvalid.code,
        last_at__gt=Now() - dt.timedelta(minutes=10),
    )
    if guesses[:MOST_GUESSERS].count() < MOST_GUESSERS:
        return True
    return guesses.filter(identity=client.identity).exists()


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
    week, week_before = Q(last_at__gte=since.week), Q(last_at__gte=since.week_before)
    met_full_pool = week & Q(code="pool_exhausted")
    rows = (
        denials.filter(last_at__gte=since.month)
        .true()
        .order_by()
        .values_list("licence")
        .annotate(
            week=Count("pk", filter=week),
            week_before=Count("pk", filter=week_before & ~week),
            month=Count("pk"),
            people=Count(PERSON, filter=met_full_pool, distinct=True),
        )
    )
    return {licence: Counts(*counts) for licence, *counts in rows}
