"""Product keys: what opens a licence."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from licensing.models.accounts import Account
from licensing.models.licences import Licence
from licensing.names import NameField


class KeyState(models.TextChoices):
    ACTIVE = "active", "Active"
    SUPERSEDED = "superseded", "Superseded"
    REVOKED = "revoked", "Revoked"


class ProductKey(models.Model):
    """A serial number and the product key that proves it.

    The product key is stored encrypted, for account holders may look at it
    again, and as a keyed digest for comparison.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="keys")
    label = NameField(max_length=100, blank=True)
    serial_number = models.CharField(max_length=20, unique=True)
    encrypted = models.BinaryField()
    digest = models.BinaryField()
    last_four = models.CharField(max_length=4)
    state = models.CharField(max_length=10, choices=KeyState, default=KeyState.ACTIVE)
    superseded_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="From this time on a superseded key opens no new session.",
    )
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=KeyState.SUPERSEDED)
                | models.Q(superseded_at__isnull=False),
                name="superseded_key_has_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state=KeyState.REVOKED, revoked_at__isnull=False)
                | (~models.Q(state=KeyState.REVOKED) & models.Q(revoked_at=None)),
                name="revoked_key_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.serial_number
