"""Denials: refused check-outs, folded so that a retrying client makes one row."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from licensing.models.accounts import Account
from licensing.models.keys import ProductKey
from licensing.models.licences import Licence


class Denial(models.Model):
    """One person refused for one reason by one licence, within ten minutes.

    ``account``, ``licence`` and ``key`` are empty when the serial number is not
    one of ours. ``seats`` and ``in_use`` say how full the licence was.
    """

    account = models.ForeignKey(
        Account, null=True, on_delete=models.CASCADE, related_name="denials"
    )
    licence = models.ForeignKey(
        Licence, null=True, on_delete=models.CASCADE, related_name="denials"
    )
    key = models.ForeignKey(ProductKey, null=True, on_delete=models.CASCADE, related_name="denials")
    code = models.CharField(max_length=30)
    identity = models.UUIDField()
    machine_name = models.CharField(max_length=255)
    username = models.CharField(max_length=255)
    version = models.CharField(max_length=50)
    folded_from = models.DateTimeField(help_text="The start of the ten minutes.")
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_default=Now())
    seats = models.PositiveIntegerField(null=True)
    in_use = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["-last_at"]
        indexes = [
            models.Index(fields=["account", "last_at"], name="denials_of_account"),
            models.Index(fields=["licence", "last_at"], name="denials_of_licence"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "identity", "code", "folded_from"],
                name="denials_are_folded",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.username} on {self.machine_name}"
