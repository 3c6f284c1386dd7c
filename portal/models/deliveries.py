"""Deliveries: what goes out to one receiver, kept until it is there or has failed for good."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from licensing.models import Account
from portal.models.people import User


class DeliveryState(models.TextChoices):
    """What became of it."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed for good"
    WITHDRAWN = "withdrawn", "Not needed any more"

    def word(self, *, was_tried: bool, there: str) -> str:
        """The state word that people read; of one that was taken it is what we know: ``there``."""
        waits = "delayed" if was_tried else "on_its_way"
        words = {"waiting": waits, "sent": there, "failed": "not_delivered"}
        return words.get(self, "not_sent")


class Trouble(models.TextChoices):
    """Why the last try failed, or all of them did, in words for whoever asked."""

    UNREACHABLE = "unreachable", gettext_lazy("The mail server could not be reached.")
    DEFERRED = "deferred", gettext_lazy("The mail server asked to try again later.")
    REFUSED = (
        "refused",
        gettext_lazy("The mail server refused it. Check the address for typing errors."),
    )
    TOO_LATE = "too_late", gettext_lazy("Its code or link ended before it could be sent.")
    UNREADABLE = "unreadable", gettext_lazy("Its text was lost on our side.")
    NOT_WRITTEN = "not_written", gettext_lazy("It could not be put together on our side.")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> DeliveryQuerySet:
        """Those that shall still be sent."""
        return self.filter(state=DeliveryState.WAITING)

    def free(self) -> DeliveryQuerySet:
        """Waiting ones that no worker has taken, or whose worker died with them."""
        return self.waiting().filter(Q(taken_until=None) | Q(taken_until__lte=Now()))

    def overdue(self, *, tried_for: dt.timedelta) -> DeliveryQuerySet:
        """Free ones whose time is over: what they say has ended, or every try failed for long."""
        over = Q(valid_until__lte=Now()) | Q(created_at__lte=Now() - tried_for)
        return self.free().filter(over)

    def due(self) -> DeliveryQuerySet:
        """Free ones to be sent now, the longest due first; call ``overdue`` before."""
        still_valid = Q(valid_until=None) | Q(valid_until__gt=Now())
        return self.free().filter(still_valid, due_at__lte=Now()).order_by("due_at", "pk")

    def failed(self) -> DeliveryQuerySet:
        """Those that will never arrive."""
        return self.filter(state=DeliveryState.FAILED)

    def not_repeated(self) -> DeliveryQuerySet:
        """Those after which nothing of their kind went to the same receiver."""
        later = Delivery.objects.filter(
            kind=OuterRef("kind"), receiver=OuterRef("receiver"), pk__gt=OuterRef("pk")
        )
        return self.filter(~Exists(later))


class Delivery(models.Model):
    """A message for one receiver, written in the transaction of what it tells of.

    What was undone is never told, and what was done is never forgotten. The content is
    encrypted, for it may hold a code or a link, and is gone once nobody will send it.
    """

    message_id = models.UUIDField(
        unique=True,
        default=uuid.uuid4,
        editable=False,
        help_text="The same at each try, so that a receiver can tell a repeat.",
    )
    kind = models.CharField(max_length=50)
    receiver = models.CharField(max_length=254)
    content = models.BinaryField()
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    asked_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who is told when it fails for good.",
    )
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    trouble = models.CharField(max_length=15, choices=Trouble, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    valid_until = models.DateTimeField(
        null=True, blank=True, help_text="When the code or link that it brings ends."
    )
    due_at = models.DateTimeField(db_default=Now())
    taken_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then it is the worker's that took it."
    )
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["due_at"],
                name="waiting_deliveries",
                condition=Q(state=DeliveryState.WAITING),
            ),
            models.Index(
                fields=["asked_by", "settled_at"],
                name="failed_deliveries",
                condition=Q(state=DeliveryState.FAILED),
            ),
            models.Index(fields=["settled_at"], name="settled_deliveries"),
        ]
        constraints = [
            models.CheckConstraint(
                name="delivery_has_content_while_it_waits",
                condition=Q(state=DeliveryState.WAITING) | Q(content=b""),
            ),
            models.CheckConstraint(
                name="delivery_is_settled_or_waits",
                condition=Q(state=DeliveryState.WAITING, settled_at=None)
                | ~Q(state=DeliveryState.WAITING) & Q(settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.receiver}: {self.get_state_display().lower()}"

    @property
    def state_word(self) -> str:
        """The state word that people read: a mail that was sent need not be there."""
        return DeliveryState(self.state).word(was_tried=bool(self.trouble), there="sent")
