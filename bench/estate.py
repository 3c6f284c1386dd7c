"""The licences and open sessions that the bench works on."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from licensing import audit, keys, licences
from licensing.api.authentication import token_of
from licensing.licences import Order
from licensing.management.commands.migrate import limits_of_migrations
from licensing.models import ClientSession, ProductKey

BENCH = audit.Actor("command", "", "make bench")
SPREAD_POOLS, SPREAD_SEATS = 200, 50
WIDE_SEATS = 100
"""For each second of a run, in each of as many pools: more than are opened."""
HOT_SEATS = 10_000
MOST_SEATS = 100_000
"""What one licence may have at most."""
NOT_UNIQUE = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = %s::regclass AND NOT indisunique
"""

Keys = list[tuple[ProductKey, str]]


@dataclass(frozen=True, slots=True)
class Estate:
    """Many ordinary pools, a hot one, a vast one, as many and one that only open for each number of
    connections, a full one, and one whose sessions refresh."""

    spread: Keys
    hot: Keys
    vast: Keys
    wide: Keys
    roomy: Keys
    full: Keys
    held: ProductKey


def make(*, open_sessions: int, seconds: int) -> Estate:
    """Issue the licences by the domain and fill two of them with open sessions.

    ``seconds`` is how long each kind of request runs: those that only open need seats for it.
    """
    spread = [issue(f"Pool {number}", SPREAD_SEATS) for number in range(SPREAD_POOLS)]
    wide = [issue(f"Wide {number}", WIDE_SEATS * seconds) for number in range(SPREAD_POOLS)]
    hot, vast, full = issue("Hot", HOT_SEATS), issue("Vast", MOST_SEATS), issue("Full", HOT_SEATS)
    roomy = [issue(f"Roomy {number}", MOST_SEATS) for number in range(2)]
    held, _ = issue("Held", open_sessions)
    fill(full[0], HOT_SEATS)
    fill(held, open_sessions)
    vacuum()
    return Estate(spread, [hot], [vast], wide, roomy, [full], held)


def issue(name: str, seats: int) -> tuple[ProductKey, str]:
    """One concurrent licence and its plain product key."""
    key, product_key = licences.create(
        Order(account_name="Bench", name=name, seats=seats), by=BENCH
    )
    found = keys.find(key.serial_number)
    assert found
    return found, product_key


def fill(key: ProductKey, number: int, *, seats_may_be_reclaimed_in: str = "48 h") -> None:
    """Open so many sessions at once, set-based: one by one would take minutes.

    After which interval of PostgreSQL's their seats may go to others is counted from now.
    """
    session = "lpad(to_hex(%(key)s::bigint * 100000000 + n), 32, '0')::uuid"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH seat AS (
                SELECT id, account_id, licence_id, row_number() OVER (ORDER BY id) AS n
                FROM licensing_seat WHERE licence_id = %(licence)s AND session_id IS NULL
            ), opened AS (
                INSERT INTO licensing_clientsession (
                    id, account_id, licence_id, key_id, identity, machine_name, username,
                    os_session, machine, person, version, features, started_at, refreshed_at,
                    grace_until, reclaim_at, end_reason
                )
                SELECT
                    {session}, account_id, licence_id,
                    %(key)s, gen_random_uuid(), 'PC-' || n, 'BENCH\\user', '', 'pc-' || n,
                    'bench\\user', '16', '{{}}', now(), now(), now() + interval '48 h',
                    now() + %(reclaimed_in)s::interval, ''
                FROM seat WHERE n <= %(number)s RETURNING id
            )
            UPDATE licensing_seat SET session_id = {session}
            FROM seat WHERE licensing_seat.id = seat.id AND n <= %(number)s
            """,
            {
                "licence": key.licence_id,
                "key": key.pk,
                "number": number,
                "reclaimed_in": seats_may_be_reclaimed_in,
            },
        )


@contextmanager
def indexed_at_last(table: str) -> Iterator[None]:
    """Without those of the table's indexes that keep nothing right, until its rows are made.

    Ten million rows take half an hour with them, on a busy machine.
    """
    with connection.cursor() as cursor:
        cursor.execute(NOT_UNIQUE, [table])
        indexes = cursor.fetchall()
        cursor.execute(f"DROP INDEX {', '.join(name for name, _ in indexes)}")
    yield
    with limits_of_migrations("default"), connection.cursor() as cursor:
        for _name, definition in indexes:
            cursor.execute(definition)


def vacuum() -> None:
    """What autovacuum would have done by now on a table that has lived.

    Indexes too, which else are passed over where few of very many rows are dead.
    """
    with limits_of_migrations("default"), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")  # autovacuum may be at it, and gives way
        cursor.execute("VACUUM (ANALYZE, INDEX_CLEANUP ON)")


def settle() -> None:
    """Write to the disk what has been made, so that nothing that is measured does it beside."""
    with limits_of_migrations("default"), connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def tokens(key: ProductKey, number: int) -> list[tuple[str, str]]:
    """The ids and tokens of so many of a licence's open sessions, spread over all of them."""
    ids = ClientSession.objects.active().filter(licence=key.licence_id).order_by("identity")
    chosen: list[uuid.UUID] = list(ids.values_list("pk", flat=True)[:number])
    return [(str(session), token_of(session)) for session in chosen]


def updates() -> tuple[int, int]:
    """How many session rows were updated since the start, and how many of them touched no index."""
    time.sleep(1)  # the web workers tell their counts once a second
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables "
            "WHERE relname = 'licensing_clientsession'"
        )
        every, hot = cursor.fetchone()
    return int(every), int(hot)
