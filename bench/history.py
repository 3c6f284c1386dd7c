"""What a long history costs check-outs and refreshes that go on beside it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import connection

from bench import estate as estates
from bench import load, scripts
from bench.estate import Estate
from licensing import partitions
from licensing.history_statements import SESSIONS

CONNECTIONS, MONTHS = 16, 12
A_MONTH = """
    CREATE TABLE {table}_{month:%Y_%m} (LIKE {table});
    INSERT INTO {table}_{month:%Y_%m} ({columns})
    SELECT {made} FROM (
        SELECT number %% 20000 AS n,
            '{month} 00:00Z'::timestamptz + random() * interval '27 days' AS began
        FROM generate_series(1, %(rows)s) number
    ) start, (SELECT * FROM licensing_clientsession LIMIT 1) session;
    ALTER TABLE {table}_{month:%Y_%m}
        ADD CHECK (ended_at >= '{month} 00:00Z' AND ended_at < '{after} 00:00Z')
"""
# The first time it makes the indexes, which takes a fraction of what filling them takes; later it
# takes no time, for the constraint says what is in the month.
ATTACH = """
    ALTER TABLE {table} ATTACH PARTITION {table}_{month:%Y_%m}
        FOR VALUES FROM ('{month} 00:00Z') TO ('{after} 00:00Z')
"""
DETACH = "ALTER TABLE {table} DETACH PARTITION {table}_{month:%Y_%m}"
WITHOUT, STILL_WITHOUT = ("without", DETACH), ("without", "SELECT 1")
BESIDE, STILL_BESIDE = ("beside history", ATTACH), ("beside history", "SELECT 1")
TURNS = (WITHOUT, BESIDE, STILL_BESIDE, WITHOUT, STILL_WITHOUT, BESIDE, STILL_BESIDE, WITHOUT)
"""Each in the middle at the same time: what comes later finds more that has ended."""
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


def measure(estate: Estate, port: int, *, rows: int, seconds: float) -> dict[str, float]:
    """Check-outs and refreshes beside so many rows of history and beside none, in turns."""
    fill(rows)
    runs: dict[str, load.Measured] = defaultdict(load.Measured)
    for where, statement in TURNS:
        for_each_month(statement)
        for kind, scripts_of in (("refresh", refreshes), ("check-out", check_outs)):
            asked = scripts_of(estate, where)
            runs[f"{kind} {where}"].add(load.run(port, asked, seconds=seconds / 2))
    for_each_month(ATTACH)
    partitions.drop(SESSIONS.table, before=dt.datetime.now(dt.UTC))
    rates = {f"{name}, 16": run.per_second(name.split()[0]) for name, run in runs.items()}
    return {"rows of history": rows} | rates


def refreshes(estate: Estate, _: str) -> list[load.Script]:
    """What each connection refreshes."""
    open_sessions = estates.tokens(estate.held, 2_000)
    return [scripts.refreshing(open_sessions[n::CONNECTIONS]) for n in range(CONNECTIONS)]


def check_outs(estate: Estate, name: str) -> list[load.Script]:
    """What each connection opens and closes."""
    return [
        scripts.opening_and_closing(estate.spread[n::CONNECTIONS], f"{name}-{n}")
        for n in range(CONNECTIONS)
    ]


def fill(rows: int) -> None:
    """So many sessions of the last twelve months, as ``licensing.history`` keeps them."""
    columns = SESSIONS.columns.split(", ")
    values = ", ".join(MADE.get(column, f"session.{column}") for column in columns)
    of = {"columns": SESSIONS.columns, "made": values}
    for_each_month(A_MONTH, {"rows": rows // MONTHS}, **of)
    for_each_month(ATTACH)
    estates.vacuum()


def for_each_month(statement: str, values: dict[str, int] | None = None, **of: str) -> None:
    """Run a statement for each of the last twelve months that are over."""
    now = dt.datetime.now(dt.UTC)
    with connection.cursor() as cursor:
        for month in list(partitions.months(now - dt.timedelta(days=380), now))[-MONTHS - 1 : -1]:
            after = partitions.next_month(month)
            text = statement.format(table=SESSIONS.table, month=month, after=after, **of)
            cursor.execute(text, values)
