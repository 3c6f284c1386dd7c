"""What a long history costs check-outs and refreshes that go on beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from bench import estate as estates
from bench import load, scripts
from bench.estate import Estate
from licensing import partitions
from licensing.history_statements import SESSIONS

CONNECTIONS = 16
MONTHS = 12
REPEATED = 2
"""How often the runs without a history take turns, before it and after it."""
# Its indexes are made when it is whole, which takes a fraction of the time.
A_MONTH = """
    CREATE TABLE {table}_{month:%Y_%m} (LIKE {table});
    INSERT INTO {table}_{month:%Y_%m} ({columns})
    SELECT {values} FROM (
        SELECT number %% 20000 AS n,
            '{month} 00:00Z'::timestamptz + random() * interval '27 days' AS began
        FROM generate_series(1, %(rows)s) number
    ) made, (SELECT * FROM licensing_clientsession LIMIT 1) session;
    ALTER TABLE {table} ATTACH PARTITION {table}_{month:%Y_%m}
        FOR VALUES FROM ('{month} 00:00Z') TO ('{after} 00:00Z')
"""
MADE = {
    "id": "gen_random_uuid()",
    "identity": "gen_random_uuid()",
    "machine_name": "'PC-' || n",
    "machine": "'pc-' || n",
    "username": "'BENCH\\' || n",
    "person": "'bench\\' || n",
    "started_at": "began",
    "refreshed_at": "began + interval '7 h'",
    "grace_until": "began + interval '55 h'",
    "ended_at": "began + random() * interval '8 h'",
    "end_reason": "'closed'",
}
"""What differs from one session to the next; the rest is as of one that is open."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Requests a second."""

    refreshes: float
    check_outs: float


def measure(estate: Estate, port: int, *, rows: int, seconds: float) -> dict[str, float]:
    """Check-outs and refreshes with so many rows of history beside them, and with none.

    None is measured before and after, so that a machine that grows busier meanwhile shows.
    """
    before = rates(estate, port, seconds)
    fill(rows)
    beside = rates(estate, port, seconds)
    empty()
    after = rates(estate, port, seconds)
    return {
        "rows of history": rows,
        "refresh beside history, 16": beside.refreshes,
        "refresh without, 16": (before.refreshes + after.refreshes) / 2,
        "check-out beside history, 16": beside.check_outs,
        "check-out without, 16": (before.check_outs + after.check_outs) / 2,
    }


def rates(estate: Estate, port: int, seconds: float) -> Rates:
    """How quick both are now, in turns."""
    open_sessions = estates.tokens(estate.held, 2_000)
    refreshes, check_outs = load.Measured(), load.Measured()
    for turn in range(REPEATED):
        asked = [scripts.refreshing(open_sessions[n::CONNECTIONS]) for n in range(CONNECTIONS)]
        refreshes.add(load.run(port, asked, seconds=seconds))
        opened = [
            scripts.opening_and_closing(estate.spread[n::CONNECTIONS], f"H{turn}-{n}")
            for n in range(CONNECTIONS)
        ]
        check_outs.add(load.run(port, opened, seconds=seconds))
    return Rates(refreshes.per_second("refresh"), 2 * check_outs.per_second("check-out"))


def fill(rows: int) -> None:
    """So many sessions of the last twelve months, as ``licensing.history`` keeps them."""
    columns = SESSIONS.columns.split(", ")
    values = ", ".join(MADE.get(column, f"session.{column}") for column in columns)
    with connection.cursor() as cursor:
        for month in months():
            statement = A_MONTH.format(
                table=SESSIONS.table, month=month, after=partitions.next_month(month),
                columns=SESSIONS.columns, values=values,
            )  # fmt: skip
            cursor.execute(statement, {"rows": rows // MONTHS})
    estates.vacuum()


def months() -> list[dt.date]:
    """The last twelve months that are over."""
    now = dt.datetime.now(dt.UTC)
    return list(partitions.months(now - dt.timedelta(days=380), now))[-MONTHS - 1 : -1]


def empty() -> None:
    """No history again."""
    partitions.drop(SESSIONS.table, before=dt.datetime.now(dt.UTC))
    estates.vacuum()
