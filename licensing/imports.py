"""Long lists taken in a piece at a time, so that the account goes on being served meanwhile.

A piece is one transaction with the note of what it settled, under the lock of its import: a worker
that dies in the midst of it leaves nothing, and whoever goes on does no row twice. What fits in one
piece is done at once, all of it or none. Of a longer list a row that can't be made is told, and the
others are made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from licensing import alm, audit, import_acts, keygen_making
from licensing.clock import database_time
from licensing.errors import AlreadyDone, LicensingError
from licensing.history import delete_in_batches
from licensing.limits import MOST_ROWS
from licensing.models import Account, Import, ImportRow
from licensing.models.imports import Source

logger = structlog.get_logger(__name__)

ROWS_OF_A_PIECE, SEATS_OF_A_PIECE = 100, 20_000
"""Of how much the account's lock is held at a time: for a second or so."""
MOST_PIECES = 50
"""So many are done before the beat asks again."""

type Make = Callable[..., Sequence[Any]]

MAKERS: dict[str, Make] = {Source.ALM: alm.make, Source.KEYGEN: keygen_making.make}
"""What makes what rows ask of an account, in their order, all of it or none."""


@transaction.atomic
def begin(
    account: Account,
    source: Source,
    rows: Sequence[ImportRow],
    counts: Mapping[str, int],
    *,
    by: audit.Actor,
    reason: str,
) -> Import:
    """Take in these rows, which were confirmed: at once if they are few, else in the background.

    ``counts`` are for the record. Raise AlreadyDone while another import of the account is running,
    and of few rows what making them raises.
    """
    locked = Account.objects.locked(account.pk)
    locked.require_open()
    require_none_running(locked)
    entry = import_acts.begin(locked, source, counts, by=by, reason=reason)
    begun = Import.objects.create(account=locked, source=source, entry=entry)
    for row in rows:
        row.whole = begun
    ImportRow.objects.bulk_create(rows, batch_size=MOST_ROWS)
    if is_short(rows):
        note(rows, make(begun, rows))
        end(begun)
    return begun


def is_short(rows: Sequence[ImportRow]) -> bool:
    """Whether they are one piece, and so done at once."""
    return len(piece_of(rows)) == len(rows)


def require_none_running(account: Account) -> None:
    """Raise AlreadyDone while an import of the account is running, which has its lock."""
    if running := Import.objects.open().filter(account=account).first():
        raise AlreadyDone(
            f"An import of {account} is running, begun by {running.entry.actor_name}: "
            "one list is taken in after the other."
        )


def carry_on() -> int:
    """Take in what waits, a piece of each import in turn; return how many pieces were done.

    An import of which a piece failed by a fault of ours is left alone until the next time.
    """
    stuck: set[int] = set()
    done = 0
    for _ in range(MOST_PIECES):
        found = carry_on_one(stuck)
        if found is None:
            break
        done += found
    return done


@transaction.atomic
def carry_on_one(stuck: set[int]) -> bool | None:
    """Whether a piece was done, of the import that waits longest; None if none is free."""
    waiting = Import.objects.open().exclude(pk__in=stuck)
    free = waiting.select_for_update(skip_locked=True, no_key=True)
    begun = free.order_by(F("moved_at").asc(nulls_first=True), "pk").first()
    if begun is None:
        return None
    try:
        do_piece(begun)
    except Exception:  # whatever it is: other imports go on
        logger.exception("import_stuck", number=begun.pk)
        stuck.add(begun.pk)
        return False
    return True


@transaction.atomic
def do_piece(begun: Import) -> None:
    """Settle the next rows of an import that is locked; end it with the last."""
    if piece := next_piece(begun):
        settle(begun, piece)
        Import.objects.filter(pk=begun.pk).update(moved_at=Now())
    if not begun.rows.waiting().exists():
        end(begun)


def next_piece(begun: Import) -> Sequence[ImportRow]:
    """The next rows that are made together; none when all are settled."""
    return piece_of(begun.rows.waiting())


def piece_of(rows: Sequence[ImportRow] | QuerySet[ImportRow]) -> Sequence[ImportRow]:
    """The first of the rows, as many as are made together: at least one of any."""
    first = list(rows[:ROWS_OF_A_PIECE])
    seats = accumulate(row.seats for row in first)
    return first[: max(1, sum(so_far <= SEATS_OF_A_PIECE for so_far in seats))]


def settle(begun: Import, rows: Sequence[ImportRow]) -> None:
    """Make what the rows ask; of one that can't be made, say why, and make the others."""
    try:
        note(rows, make(begun, rows))
    except LicensingError as refusal:
        if len(rows) == 1:
            note(rows, [], problem=str(refusal))
            return
        middle = len(rows) // 2
        settle(begun, rows[:middle])
        settle(begun, rows[middle:])


@transaction.atomic
def make(begun: Import, rows: Sequence[ImportRow]) -> Sequence[Any]:
    """What the rows ask, made by whoever began the import, as part of it: all of it or none."""
    entry = begun.entry
    by = audit.Actor(entry.actor_kind, entry.actor_id, entry.actor_name)
    with audit.parts_of(entry):
        asked = [row.asked for row in rows]
        return MAKERS[begun.source](begun.account, asked, by=by, reason=entry.reason)


def note(rows: Sequence[ImportRow], made: Sequence[Any], *, problem: str = "") -> None:
    """Note that the rows are settled, with what was made of each, or why nothing was."""
    for row, one in zip(rows, made, strict=False):
        row.made = str(one.pk)
    for row in rows:
        row.asked, row.problem, row.settled_at = {}, problem, Now()
    ImportRow.objects.bulk_update(rows, ["asked", "made", "problem", "settled_at"])


def end(begun: Import) -> None:
    """Note that all rows are settled, and tell what came of them."""
    begun.moved_at = begun.ended_at = database_time()
    begun.save(update_fields=["moved_at", "ended_at"])
    failed = begun.rows.failed().count()
    import_acts.end(begun.entry, made=begun.rows.made().count(), failed=failed)


def of(account: Account) -> QuerySet[Import]:
    """The account's imports, the last first, each with its rows counted."""
    return Import.objects.filter(account=account).select_related("entry", "account").counted()


def prune() -> int:
    """Forget what became of the rows of imports that ended long ago; return of how much."""
    oldest = Now() - dt.timedelta(days=settings.KEEP_IMPORTS_DAYS)
    return delete_in_batches(Import.objects.filter(ended_at__lt=oldest))
