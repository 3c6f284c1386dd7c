"""No table of its own: only what the staff's rights belong to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from support.permissions import RIGHTS


class StaffRight(models.Model):
    """Carries the permissions of ``support.permissions``; has no rows."""

    class Meta:
        managed = False
        default_permissions: ClassVar[tuple[str, ...]] = ()
        permissions = RIGHTS  # type: ignore[assignment] # plain words are words, too

    def __str__(self) -> str:
        return "Staff right"
