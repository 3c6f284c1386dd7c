"""History: ended sessions and denials, kept for thirteen months and then deleted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now

from licensing.models import ClientSession, Denial

BATCH = 10_000


def prune() -> int:
    """Delete ended sessions and denials that are older than we keep them; return how many."""
    oldest = Now() - dt.timedelta(days=settings.KEEP_HISTORY_DAYS)
    return delete_in_batches(ClientSession.objects.filter(ended_at__lt=oldest)) + delete_in_batches(
        Denial.objects.filter(last_at__lt=oldest)
    )


def delete_in_batches(rows: QuerySet[Any]) -> int:
    """Delete the rows, ``BATCH`` at a time."""
    deleted = 0
    while batch := list(rows.values_list("pk", flat=True)[:BATCH]):
        deleted += rows.model._default_manager.filter(pk__in=batch).delete()[0]
    return deleted
