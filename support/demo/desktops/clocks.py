"""Clocks: the database's own clock, set to a simulated time for one connection."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from psycopg.types.string import StrDumper, StrDumperUnknown

from licensing import prepared

SetClock = Callable[[float], None]

FUNCTIONS = ("statement_timestamp", "now", "clock_timestamp")
# Functions of pg_catalog are found first unless the search path says otherwise.
SHADOW_THE_CLOCK = [
    "CREATE SCHEMA IF NOT EXISTS demo_clock",
    *(
        f"CREATE OR REPLACE FUNCTION demo_clock.{name}() RETURNS timestamptz LANGUAGE sql STABLE"
        " AS 'SELECT current_setting(''demo_clock.now'')::timestamptz'"
        for name in FUNCTIONS
    ),
    "SET search_path TO demo_clock, pg_catalog, public",
]
SHOW_THE_CLOCK = ["RESET search_path", "DROP SCHEMA demo_clock CASCADE"]
PREPARE_AFTER = 2


@contextmanager
def simulated() -> Iterator[SetClock]:
    """Let this connection's statements see the time that the yielded function sets.

    Only what a statement asks for: column defaults were bound to the real clock when
    their table was made, and Python's clock goes on.
    """
    run(SHADOW_THE_CLOCK)
    try:
        with statements_prepared():
            yield set_clock
    finally:
        run(SHOW_THE_CLOCK)


def run(statements: list[str]) -> None:
    """Run the statements in order."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def set_clock(now: float) -> None:
    """Set the database's clock, for this connection, to seconds since 1970."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('demo_clock.now', %s, false)", [moment(now).isoformat()])


def moment(seconds: float) -> dt.datetime:
    """Seconds since 1970 as a time."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


@contextmanager
def statements_prepared() -> Iterator[None]:
    """Let the server keep its plans: the same few statements run thousands of times, 3 x faster.

    Text is sent as text, not as a value of unknown type: one value may stand in two
    places of a statement, where it would be of two types.
    """
    with prepared.as_djangos() as raw:
        before, raw.prepare_threshold = raw.prepare_threshold, PREPARE_AFTER
        raw.adapters.register_dumper(str, StrDumper)
        try:
            yield
        finally:
            raw.prepare_threshold = before
            raw.adapters.register_dumper(str, StrDumperUnknown)
