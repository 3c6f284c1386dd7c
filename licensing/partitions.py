"""Tables of history in parts, one for each month of UTC: made ahead, and dropped whole.

A row that is deleted leaves its place to be tidied up, in the table and in each index; a
partition that is dropped leaves nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import OperationalError, connection, transaction

FORM = "%Y_%m"
"""How a partition's name ends."""

EXISTING = """
    SELECT right(relname, 7) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = %s::regclass ORDER BY relname
"""
# To attach a partition hinders nobody who reads or moves rows, as to create it in place would.
MAKE = """
    CREATE TABLE {table}_{month:%Y_%m} (LIKE {table} INCLUDING ALL);
    ALTER TABLE {table} ATTACH PARTITION {table}_{month:%Y_%m}
        FOR VALUES FROM ('{month} 00:00Z') TO ('{after} 00:00Z')
"""
# To drop one waits for all who read the table, and whoever comes meanwhile waits too: not for long.
DROP = """
    SET LOCAL lock_timeout = '2s';
    DROP TABLE {table}_{month:%Y_%m}
"""
ALONE = "SELECT pg_advisory_xact_lock(hashtext(%s))"


@transaction.atomic
def make(table: str, *, since: dt.datetime, until: dt.datetime) -> None:
    """Make the partitions that are missing for the months from one moment to another."""
    with connection.cursor() as cursor:
        cursor.execute(ALONE, [table])
        there = existing(table)
        for month in months(since, until):
            if month not in there:
                cursor.execute(MAKE.format(table=table, month=month, after=next_month(month)))


def drop(table: str, *, before: dt.datetime) -> int:
    """Drop each partition all of whose rows are of before this moment; return how many.

    One that somebody has been reading for long stays for the next time.
    """
    return sum(drop_month(table, month) for month in existing(table) if ends(month) <= before)


def drop_month(table: str, month: dt.date) -> bool:
    """Drop a partition; False if others are at it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(DROP.format(table=table, month=month))
    except OperationalError:
        return False
    return True


def existing(table: str) -> list[dt.date]:
    """The months that have a partition, in order."""
    with connection.cursor() as cursor:
        cursor.execute(EXISTING, [table])
        return [dt.datetime.strptime(row[0], FORM).date() for row in cursor.fetchall()]  # noqa: DTZ007


def months(since: dt.datetime, until: dt.datetime) -> Iterator[dt.date]:
    """The first day of each month from one moment to another."""
    month = since.astimezone(dt.UTC).date().replace(day=1)
    while month <= until.astimezone(dt.UTC).date():
        yield month
        month = next_month(month)


def next_month(month: dt.date) -> dt.date:
    """The first day of the month after one, by its first day."""
    return (month + dt.timedelta(days=31)).replace(day=1)


def ends(month: dt.date) -> dt.datetime:
    """The moment at which a month is over."""
    return dt.datetime.combine(next_month(month), dt.time(), dt.UTC)
