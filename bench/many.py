"""What very many open sessions cost those who ask beside them: programs, reclaiming, and the lists
of a large account.

Few are in the bench's own database, many in a copy of it: both are asked in turns, and what
disturbs this machine disturbs them alike. What runs in one process is told by the processor time
that it and its PostgreSQL took.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from django.db import DEFAULT_DB_ALIAS, connection, connections

from bench import console, copies, crowd, idle, kinds, pages, scripts, servers
from bench import estate as estates
from bench.estate import Estate
from bench.kinds import Kind
from bench.servers import Server
from licensing import sessions
from licensing.api.authentication import token_of
from licensing.models import Account, ClientSession, Licence, ProductKey, Seat

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.test import Client

    from licensing.models import ProductKey as Key

CONNECTIONS = 16
OF_LICENCE = 100
"""Each of the many licences has so many seats, all of them in use."""
LICENCES_OF_ACCOUNT = 10
LARGE, OF_LARGE_POOL = "Bench, 100,000 sessions", 1_000
REFRESHED = 10_000
"""So many of the many are refreshed, spread over all of them."""
NEIGHBOURS = 20
LISTS = (
    "licences", "licences, searched", "sessions", "sessions, searched",
    "sessions, page before the last", "denials", "audit log",
)  # fmt: skip
HOT = ("check-out", "refresh")
COUNTED = ("reclaim", *LISTS)
TURNS, HOT_TURNS = 4, 12
WAL = "log of a refresh, bytes"
FEW, MANY = "{} beside few", "{} beside many"
LICENCE = f"{console.FIRST_ID} + n / {OF_LICENCE}"
ACCOUNT = f"{console.FIRST_ID} + n / {OF_LICENCE * LICENCES_OF_ACCOUNT}"
ROOM = "SET LOCAL session_replication_role = replica; SET LOCAL maintenance_work_mem = '1GB'"
"""Rows that are right are not looked at one by one: no trigger, and no look at a foreign key."""


def measure(estate: Estate, port: int, options: argparse.Namespace) -> dict[str, float]:
    """Each rate beside the sessions that are open anyway, and beside so many."""
    large = pages.make_account(LARGE, of_pool=OF_LARGE_POOL)
    browser = pages.signed_in_owner(large)
    paths = {name: pages.pages_of(large)[name] for name in LISTS}
    crashing = [pool_that_will_be_stale(options.stale // TURNS, turn) for turn in range(TURNS)]
    few, many = connections[DEFAULT_DB_ALIAS], copies.make()
    with copies.asking(many):
        make(options.many_sessions)
        figures = {"many open sessions": options.many_sessions} | sizes()
    asked = {FEW: few, MANY: many}
    figures |= hot(estate, port, options)
    figures |= lists(browser, paths, asked, max(options.page_views // TURNS, 1))
    return figures | reclaims(options.stale // TURNS, crashing, asked)


def sizes() -> dict[str, float]:
    """How large the tables of sessions and seats are with their indexes, in MB."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_total_relation_size('licensing_clientsession'),"
            " pg_total_relation_size('licensing_seat')"
        )
        of_sessions, of_seats = cursor.fetchone()
    return {"table of sessions, MB": of_sessions / 2**20, "table of seats, MB": of_seats / 2**20}


def hot(estate: Estate, port: int, options: argparse.Namespace) -> dict[str, float]:
    """How fast programs are answered, by a web server for each of the databases."""
    held = estates.tokens(estate.held, REFRESHED)
    with (
        servers.web_server(port) as few,
        servers.web_server_of(copies.address_of(copies.NAME)) as many,
    ):
        refreshes = refreshing(many, some_tokens(options.many_sessions))
        asked = {
            FEW.format("check-out"): kinds.pairs(estate.spread, few, CONNECTIONS, "F"),
            FEW.format("refresh"): refreshing(few, held),
            MANY.format("check-out"): kinds.pairs(estate.spread, many, CONNECTIONS, "M"),
            MANY.format("refresh"): refreshes,
        }
        for kind in asked.values():
            kind.run(-1, seconds=options.seconds / HOT_TURNS)
        figures = kinds.in_turns(asked, CONNECTIONS, options.seconds, turns=HOT_TURNS)
        return figures | {WAL: logged(refreshes, options.seconds)}


def refreshing(server: Server, tokens: list[tuple[str, str]]) -> Kind:
    """Refresh these sessions."""
    numbers = range(CONNECTIONS)
    return Kind(
        "refresh", server, lambda _: [scripts.refreshing(tokens[n::CONNECTIONS]) for n in numbers]
    )


def logged(refreshes: Kind, seconds: float) -> float:
    """How much of its log PostgreSQL writes for each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()")
        [before] = cursor.fetchone()
        run = refreshes.run(0, seconds=seconds)
        cursor.execute("SELECT pg_current_wal_lsn() - %s::pg_lsn", [before])
        return float(cursor.fetchone()[0]) / max(run.answers, 1)


def lists(
    browser: Client, paths: dict[str, str], asked: dict[str, BaseDatabaseWrapper], times: int
) -> dict[str, float]:
    """Pages of each list in a second of the processor."""
    figures: dict[str, float] = {}
    for name, path in paths.items():
        figures |= told(name, times, in_turns(partial(looks, browser, path, times), asked))
    return figures


def in_turns(
    work: Callable[[], float], asked: dict[str, BaseDatabaseWrapper]
) -> dict[str, list[float]]:
    """What the work comes to beside few and beside many, each time, there and back again."""
    found: dict[str, list[float]] = {beside: [] for beside in asked}
    for turn in range(TURNS):
        for beside in list(asked)[:: -1 if turn % 2 else 1]:
            with copies.asking(asked[beside]):
                found[beside].append(work())
    return found


def told(name: str, times: int, spent: dict[str, list[float]]) -> dict[str, float]:
    """So many of them each turn, as many in a second of the processor."""
    return {beside.format(name): times * TURNS / sum(seconds) for beside, seconds in spent.items()}


def looks(browser: Client, path: str, times: int) -> float:
    """Seconds of the processor that so many looks at a page take, once it is warm."""
    assert browser.get(path).status_code == 200, path
    gc.collect()
    gc.freeze()
    with processor_time() as spent:
        for _ in range(times):
            browser.get(path)
    return spent[0]


def pool_that_will_be_stale(seats: int, turn: int) -> ProductKey:
    """A pool's key. Its seats are next to each other, however many are made beside them: issued
    later, each would stand in the gap that is left at the end of another page of seats."""
    key, _ = estates.issue(f"Stale {turn}", seats)
    return key


def reclaims(
    number: int, pools: Sequence[ProductKey], asked: dict[str, BaseDatabaseWrapper]
) -> dict[str, float]:
    """Stale sessions that are reclaimed in a second of the processor, one pool's in each turn."""
    turns = (pool for pool in pools for _ in asked)
    return told("reclaim", number, in_turns(lambda: reclaimed(next(turns), number), asked))


def reclaimed(pool: ProductKey, number: int) -> float:
    """Seconds of the processor in which so many stale sessions are reclaimed."""
    sessions.reclaim_stale()  # as each minute: licences remember until when none can be stale
    estates.fill(pool, number, seats_may_be_reclaimed_in=crowd.PAST)
    Licence.objects.filter(pk=pool.licence_id).update(no_stale_before=None)  # it cannot know
    estates.vacuum()
    with processor_time() as spent:
        crowd.reclaim(number, [])
    return spent[0]


@contextmanager
def processor_time() -> Iterator[list[float]]:
    """Seconds that this process and its PostgreSQL take within."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
    spent: list[float] = []
    began = time.process_time() + idle.ticks(backend) / idle.TICKS_PER_SECOND
    yield spent
    spent.append(time.process_time() + idle.ticks(backend) / idle.TICKS_PER_SECOND - began)


def make(number: int) -> None:
    """So many open sessions of customers with ten licences each, copies of one of the domain's."""
    key, _ = estates.issue("Many", 1)
    estates.fill(key, 1)
    customers(key, number // OF_LICENCE)
    session = ClientSession.objects.get(licence=key.licence)
    seat = Seat.objects.get(licence=key.licence)
    seated = {"account_id": ACCOUNT, "licence_id": LICENCE, "session_id": console.SESSION}
    for row, of in ((session, console.session_of(ACCOUNT, LICENCE)), (seat, seated)):
        with estates.indexed_at_last(row._meta.db_table):
            console.copy(type(row), row.pk, number, of, first=ROOM)
    estates.vacuum()
    estates.settle()


def customers(key: Key, number: int) -> None:
    """So many licences, each with its key, and the accounts that have them."""
    account = f"{console.FIRST_ID} + n / {LICENCES_OF_ACCOUNT}"
    named = {"name": "'Many ' || n"}
    console.copy(Account, key.account_id, number // LICENCES_OF_ACCOUNT + 1, named)
    of = {"account_id": account}
    console.copy(Licence, key.licence_id, number, of | named | {"seats": str(OF_LICENCE)})
    numbered = {"licence_id": f"{console.FIRST_ID} + n", "serial_number": "n::text"}
    console.copy(ProductKey, key.pk, number, of | numbered)


def some_tokens(number: int) -> list[tuple[str, str]]:
    """Ids and tokens of some of the many: neighbours, as many as share a page of the table, at
    places as far from each other as can be. Each page is written to so often that its first
    change after a checkpoint counts no more than where all are refreshed."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {console.SESSION} FROM ("
            "SELECT place + neighbour AS n FROM generate_series(0, %s, %s) place, "
            "generate_series(0, %s) neighbour) chosen",
            [number - NEIGHBOURS, number * NEIGHBOURS // REFRESHED, NEIGHBOURS - 1],
        )
        return [(str(session), token_of(session)) for (session,) in cursor.fetchall()]
