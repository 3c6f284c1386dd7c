"""Where stale sessions are looked for, and where none can be: licences remember until when.

Of ten million sessions all would be read, each minute, to find the few that are stale.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator

from django.db import transaction

from licensing import pools
from licensing.hot import fetch_value
from licensing.models import ClientSession, Licence, Seat
from licensing.pool_statements import REMEMBER_OF_MANY

FEW = 100
"""Licences that are looked at, and locked, at a time."""


def licences_a_few_at_a_time() -> Iterator[tuple[int, ...]]:
    """Licences of which sessions may be stale by now."""
    found = Licence.objects.may_have_stale().order_by("pk").values_list("pk", flat=True)
    return itertools.batched(list(found), FEW)


def reclaim(licences: Collection[int]) -> int:
    """Take back every stale session's seat of these, in batches; return how many."""
    reclaimed = 0
    while batch := pools.reclaim_batch(licences):
        reclaimed += batch
    reclaimed += sum(map(reclaim_draining, draining_among(licences)))
    remember(licences)
    return reclaimed


def draining_among(licences: Collection[int]) -> list[int]:
    """Those of the licences that hold a stale session in a seat that drains."""
    stale = Seat.objects.filter(draining=True, session__in=ClientSession.objects.stale())
    found = stale.filter(licence__in=licences).order_by().distinct()
    return list(found.values_list("licence", flat=True))


@transaction.atomic
def reclaim_draining(licence_id: int) -> int:
    """Take back a pool's stale seats, those that drain too; return how many."""
    return pools.reclaim_from(pools.lock(licence_id))


@transaction.atomic
def remember(licences: Collection[int]) -> None:
    """Let all but locked ones remember until when none of their sessions can be stale."""
    locked = Licence.objects.select_for_update(no_key=True, skip_locked=True)
    ids = list(locked.filter(pk__in=licences).order_by("pk").values_list("pk", flat=True))
    fetch_value(REMEMBER_OF_MANY, {"licences": ids})
