"""What the staff's rights belong to, and what supervisors signed."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from support.permissions import RIGHTS


class StaffRight(models.Model):
    """Carries the permissions of ``support.permissions``; has no rows."""

    class Meta:
        managed = False
        default_permissions: ClassVar[tuple[str, ...]] = ()
        permissions = RIGHTS  # type: ignore[assignment] # plain words are words, too

    def __str__(self) -> str:
        return "Staff right"


class ActivityReview(models.Model):
    """That a supervisor looked through what staff did in a week, once and for good.

    ``week`` is its Monday. Who signed is text: it outlives the person. The counts are those that
    they saw; the database refuses to change or delete any of it.
    """

    week = models.DateField(unique=True)
    signer = models.CharField(max_length=64)
    signed_by = models.CharField(max_length=255)
    signed_at = models.DateTimeField(db_default=Now(), editable=False)
    note = models.TextField(max_length=500)
    deeds = models.PositiveIntegerField()
    unusual = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-week"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"The week from {self.week}"
