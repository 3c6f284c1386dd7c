"""The outbox: events that have to be told to others, written with what they tell of."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from licensing.models.accounts import Account
from licensing.models.audit import AuditEntry


class OutboxEventQuerySet(models.QuerySet["OutboxEvent"]):
    def pending(self) -> OutboxEventQuerySet:
        """Events that nobody has been told of, the oldest first."""
        return self.filter(delivered_at=None).order_by("pk")


class OutboxEvent(models.Model):
    """Something that happened to an account, to be delivered by mail or webhook.

    It is written in the transaction of the change itself: what was undone is never
    told, and what was done is never forgotten.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="events")
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="event")
    kind = models.CharField(max_length=50)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects = OutboxEventQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["id"], name="pending_events", condition=models.Q(delivered_at=None)
            ),
            models.Index(
                fields=["account", "id"],
                name="pending_events_of_account",
                condition=models.Q(delivered_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.account}"
