"""Which process asks for what is done by the clock, and when it asked for each."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Beat(models.Model):
    """The one turn to beat: a process has it until it gives it back, or renews it no more.

    A row, and no lock of PostgreSQL's: a session's lock does not hold behind a pooler, and nobody
    could see who has it.
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    holder = models.CharField(max_length=32)
    machine = models.CharField(max_length=255)
    renewed_at = models.DateTimeField(db_default=Now())
    held_until = models.DateTimeField(db_default=Now())
    asked_at = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_beat"),
        ]

    def __str__(self) -> str:
        return self.machine
