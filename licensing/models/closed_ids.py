"""Ids of sessions that were closed before there were any."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.db import models
from django.db.models.functions import Now

from licensing.models.licences import Licence

REMEMBERED_FOR = dt.timedelta(days=1)
"""No proxy holds a check-out back for so long."""


class ClosedIdQuerySet(models.QuerySet["ClosedId"]):
    def remember(self, licence: Licence, session_id: uuid.UUID) -> None:
        """Note that no session of this id is to be opened any more, and forget old ones."""
        self.filter(closed_at__lt=Now() - REMEMBERED_FOR).delete()
        noted = self.model(licence=licence, session_id=session_id)
        self.bulk_create([noted], ignore_conflicts=True)

    def of(self, licence_id: int, session_id: uuid.UUID) -> Self:
        """The note about this id, if there is one."""
        return self.filter(licence=licence_id, session_id=session_id)


class ClosedId(models.Model):
    """An id that a program made for its session, and closed before its check-out arrived."""

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="+", db_index=False)
    session_id = models.UUIDField()
    closed_at = models.DateTimeField(db_default=Now())

    objects = ClosedIdQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session_id", "licence"], name="id_is_closed_once"),
        ]

    def __str__(self) -> str:
        return str(self.session_id)
