"""Calendar feeds: the secret addresses from which calendars read what ends when."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from licensing.models import Account
from portal.models.people import User


class CalendarFeed(models.Model):
    """One person's feed of one account. Only a keyed digest of its address is stored."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="calendar_feeds")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.BinaryField(unique=True, max_length=32)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "person"], name="person_has_one_calendar_feed"
            ),
        ]

    def __str__(self) -> str:
        return f"Calendar of {self.account} for {self.person}"
