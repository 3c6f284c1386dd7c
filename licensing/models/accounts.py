"""Accounts: the customer organisations that own licences."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower, Now

from licensing.names import NameField, plain_text


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless ``name`` is a zone of the IANA database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"There is no time zone called {name!r}.")


class AccountQuerySet(models.QuerySet["Account"]):
    def locked(self, pk: int) -> Account:
        """The account, locked until the transaction ends, as each entry in its record locks it."""
        return self.select_for_update(no_key=True).get(pk=pk)


class Account(models.Model):
    """A customer organisation."""

    name = NameField(max_length=200)
    time_zone = models.CharField(
        max_length=64, default="Europe/London", validators=[validate_time_zone]
    )
    contact = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        validators=[plain_text],
        help_text="Whom to ask, told to people whom the program refuses; up to two lines.",
    )
    shows_holders = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Whether people whom a full pool refuses are told who holds its seats.",
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="account_name_is_unique"),
            models.CheckConstraint(condition=~models.Q(name=""), name="account_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def local(self, moment: dt.datetime) -> dt.datetime:
        """A moment by the account's own clocks."""
        return moment.astimezone(zoneinfo.ZoneInfo(self.time_zone))
