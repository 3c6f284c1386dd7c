"""History: ended sessions and denials of long ago, beside what check-outs write to.

They move there in batches, so that the tables of today stay small however much was; lists,
stories, figures and files read both (``every`` of a model). They are kept for thirteen months.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Min

from licensing import clock, partitions
from licensing.history_statements import (
    BRING_BACK,
    DENIALS,
    FORBID_RETURN,
    HAS,
    MOVE,
    SESSIONS,
    Past,
)
from licensing.hot import fetch_value
from licensing.models import Account, ClientSession, Denial, Hold, ProductKey

logger = logging.getLogger(__name__)

BATCH = 5000
"""How many rows one statement moves or deletes, so that nobody waits for it for long."""
DAY = dt.timedelta(days=1)
AHEAD = dt.timedelta(days=31)
"""For how long partitions are made before they are needed."""
UUID_WITH_TIME = 7


def move() -> int:
    """Move what has been over for longer than it stays beside today's; return how many rows.

    Months of history are made ahead, so that nothing ever waits for one.
    """
    return sum(map(move_all, (SESSIONS, DENIALS)))


def move_all(past: Past) -> int:
    """Move the old rows of one table, account by account, for an index finds them so."""
    now = clock.database_time()
    before = now - dt.timedelta(days=settings.HISTORY_AFTER_DAYS)
    partitions.make(past.table, since=before, until=now + AHEAD)
    accounts = Account.objects.order_by("pk").values_list("pk", flat=True)
    return sum(move_what_can(past, account, before) for account in (*accounts, None))


def move_what_can(past: Past, account: int | None, before: dt.datetime) -> int:
    """Move an account's old rows; if a row is still named elsewhere, let only its account wait.

    Nothing of the kind should ever be there: ``check_invariants`` tells of it.
    """
    try:
        return move_of(past, account, before)
    except IntegrityError:
        logger.exception("The history of account %s cannot move", account)
        return 0


def move_of(past: Past, account: int | None, before: dt.datetime) -> int:
    """Move the old rows of an account, or of none, ``BATCH`` at a time."""
    old = past.model._default_manager.filter(**{"account": account, f"{past.at}__lt": before})
    first = old.aggregate(at=Min(past.at))["at"]
    if first is None:
        return 0
    partitions.make(past.table, since=first, until=before)
    of = "IS NULL" if account is None else "= %(account)s"
    values = {"account": account, "before": before, "batch": BATCH}
    moved = 0
    while batch := changed(MOVE.format(of=of, **past.names), values):
        moved += batch
    return moved


def changed(statement: str, values: dict[str, Any]) -> int:
    """Run a statement; how many rows it wrote."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def has(session_id: uuid.UUID | None) -> bool:
    """Whether a session of this id has become history."""
    if session_id is None or is_of_late(session_id):
        return False
    return fetch_value(HAS, {"session": session_id}) is not None


def bring_back(session_id: uuid.UUID) -> bool:
    """Put a session of history back to those that may still change; False if there is none.

    Its program may be back after weeks: a reclaimed session takes a seat again, and each is told
    what became of it. Later it moves again.
    """
    if is_of_late(session_id):
        return False
    return fetch_value(BRING_BACK, {"session": session_id}) is not None


def keep_at_hand(session_id: uuid.UUID) -> bool:
    """Keep a session from becoming history until the transaction ends; False if there is none."""
    live = ClientSession.objects.select_for_update(no_key=True).filter(pk=session_id)
    return live.values_list("pk").first() is not None or bring_back(session_id)


def forbid_return(key: ProductKey) -> None:
    """Let no reclaimed session of this key that is history take a seat again."""
    changed(FORBID_RETURN, {"key": key.pk})


def is_of_late(session_id: uuid.UUID) -> bool:
    """Whether an id itself tells that its session cannot be history yet (UUIDv7, RFC 9562).

    It was made before its check-out. What a clock tells that is wrong by more than a day does
    not count.
    """
    if session_id.version != UUID_WITH_TIME:
        return False
    age = dt.timedelta(seconds=time.time() - (session_id.int >> 80) / 1000)
    return -DAY <= age < dt.timedelta(days=settings.HISTORY_AFTER_DAYS) - DAY


def prune() -> int:
    """Delete what has been over for longer than we keep it; return how many rows.

    Months of history are dropped whole, when all of them is. A hold names nobody without its
    session, and goes no later than that. Limits stay.
    """
    oldest = clock.database_time() - dt.timedelta(days=settings.KEEP_HISTORY_DAYS)
    for past in (SESSIONS, DENIALS):
        partitions.drop(past.table, before=oldest)
    old: tuple[models.QuerySet[Any], ...] = (
        ClientSession.objects.filter(ended_at__lt=oldest),
        Hold.objects.filter(held_until__lt=oldest),
        Denial.objects.filter(last_at__lt=oldest),
    )
    return sum(map(delete_in_batches, old))


def delete_in_batches(rows: models.QuerySet[Any]) -> int:
    """Delete the rows, ``BATCH`` at a time."""
    deleted = 0
    while batch := list(rows.values_list("pk", flat=True)[:BATCH]):
        deleted += rows.model._default_manager.filter(pk__in=batch).delete()[0]
    return deleted
