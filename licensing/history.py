"""History: ended sessions, their holds, and denials, kept for thirteen months, then deleted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now

from licensing.models import ClientSession, Denial, Hold

BATCH = 10_000


def prune() -> int:
    """Delete what has been over for longer than we keep it; return how many rows.

    A hold names nobody without its session, and goes no later than that. Limits stay.
    """
    oldest = Now() - dt.timedelta(days=settings.KEEP_HISTORY_DAYS)
    old: tuple[QuerySet[Any], ...] = (
        ClientSession.objects.filter(ended_at__lt=oldest),
        Hold.objects.filter(held_until__lt=oldest),
        Denial.objects.filter(last_at__lt=oldest),
    )
    return sum(map(delete_in_batches, old))


def delete_in_batches(rows: QuerySet[Any]) -> int:
    """Delete the rows, ``BATCH`` at a time."""
    deleted = 0
    while batch := list(rows.values_list("pk", flat=True)[:BATCH]):
        deleted += rows.model._default_manager.filter(pk__in=batch).delete()[0]
    return deleted
