"""When each of the service's own secrets was first seen: never a secret itself."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class KnownSecret(models.Model):
    """A secret of the settings, known by a mark from which it cannot be found."""

    setting = models.CharField(max_length=50)
    mark = models.CharField(max_length=64)
    first_seen_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["first_seen_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["setting", "mark"], name="secret_is_known_once"),
        ]

    def __str__(self) -> str:
        return f"{self.setting}, first seen {self.first_seen_at:%Y-%m-%d}"
