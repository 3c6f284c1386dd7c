"""What a person does not want to be reminded of for a while."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from licensing.models import Account
from portal.models.people import User


class SnoozeQuerySet(models.QuerySet["Snooze"]):
    def running(self) -> SnoozeQuerySet:
        """Those that are not over."""
        return self.filter(until__gt=Now())


class Snooze(models.Model):
    """One thing on an account's home page that one person has put off until then."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="snoozes")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="snoozes")
    name = models.CharField(max_length=60, help_text="What it is, such as full:17.")
    until = models.DateTimeField()

    objects = SnoozeQuerySet.as_manager()

    class Meta:
        ordering = ["-until"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "account", "name"], name="thing_is_snoozed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.account} for {self.person}"
