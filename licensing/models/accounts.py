"""Accounts: the customer organisations that own licences."""

from __future__ import annotations

import zoneinfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower, Now

from licensing.names import NameField


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless ``name`` is a zone of the IANA database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"There is no time zone called {name!r}.")


class Account(models.Model):
    """A customer organisation."""

    name = NameField(max_length=200)
    time_zone = models.CharField(
        max_length=64, default="Europe/London", validators=[validate_time_zone]
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="account_name_is_unique"),
            models.CheckConstraint(condition=~models.Q(name=""), name="account_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
