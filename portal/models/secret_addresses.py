"""Secret addresses, from which programs read for one person without signing in."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from licensing.models import Account
from portal.models.people import User


class SecretAddress(models.Model):
    """Where one person's calendar or feed of one account is read.

    Only a keyed digest of it is stored. The table has the name that it had for calendars alone.
    """

    class Kind(models.TextChoices):
        """What is read there."""

        CALENDAR = "calendar", "Calendar of what ends"
        ALERTS = "alerts", "Feed of alerts"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="secret_addresses")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind, db_default=Kind.CALENDAR)
    digest = models.BinaryField(unique=True, max_length=32)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "portal_calendarfeed"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "person", "kind"], name="person_has_one_secret_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.account} for {self.person}"
