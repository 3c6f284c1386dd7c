"""Webhooks: addresses of an account's own systems, and what was sent there."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from licensing.models import Account, AuditEntry
from portal.models.deliveries import DeliveryState


class OffBecause(models.TextChoices):
    """Why a webhook is off."""

    OWNER = "owner", gettext_lazy("An owner turned it off.")
    GONE = "gone", gettext_lazy("It answered that it is gone for good (410).")
    FAILING = "failing", gettext_lazy("Nothing arrived for days.")


class WebhookKind(models.TextChoices):
    """What stands at a webhook's address, and so what it is told and how."""

    SYSTEM = "system", gettext_lazy("A system of your own")
    TEAMS = "teams", gettext_lazy("Microsoft Teams")
    SLACK = "slack", gettext_lazy("Slack or Mattermost")


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def kept(self) -> WebhookQuerySet:
        """Those that were not removed."""
        return self.filter(removed_at=None)

    def of_customers(self) -> WebhookQuerySet:
        """Those of accounts, not the vendor's own."""
        return self.filter(account__isnull=False)

    def of_vendor(self) -> WebhookQuerySet:
        """The vendor's own, which are told of all accounts."""
        return self.filter(account=None)

    def on(self) -> WebhookQuerySet:
        """Those that are told of what happens."""
        return self.kept().filter(turned_off_at=None)

    def to_serve(self) -> WebhookQuerySet:
        """Those that no worker serves and for which something is due, the longest unserved first.

        What somebody sent by hand is due however the webhook stands. ``next_due`` is its id.
        """
        due = WebhookDelivery.objects.due().filter(webhook=OuterRef("pk")).values("pk")
        is_ready = Q(turned_off_at=None) & (Q(rests_until=None) | Q(rests_until__lte=Now()))
        is_free = Q(taken_until=None) | Q(taken_until__lte=Now())
        by_hand = Subquery(due.filter(is_by_hand=True)[:1])
        next_due = Case(When(is_ready, then=Subquery(due[:1])), default=by_hand)
        longest_unserved = models.F("served_at").asc(nulls_first=True)
        found = self.kept().filter(is_free).annotate(next_due=next_due)
        return found.filter(next_due__isnull=False).order_by(longest_unserved, "pk")


class Webhook(models.Model):
    """An address to which an account's events are posted, and how it has answered of late.

    One of no account is the vendor's own: the events of all accounts are posted there.

    One worker at a time serves it, so that a receiver that hangs keeps nobody else waiting. While
    it fails it rests, the longer the more often it failed.
    """

    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="webhooks"
    )
    kind = models.CharField(
        max_length=10,
        choices=WebhookKind,
        default=WebhookKind.SYSTEM,
        db_default=WebhookKind.SYSTEM,
    )
    address = models.CharField(max_length=500)
    events = ArrayField(
        models.CharField(max_length=50),
        default=list,
        blank=True,
        help_text="Names of events; none for all, those of later versions too.",
    )
    encrypted_secret = models.BinaryField()
    encrypted_old_secret = models.BinaryField(default=b"")
    old_secret_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then both secrets sign."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.CharField(max_length=255)
    turned_off_at = models.DateTimeField(null=True, blank=True)
    off_because = models.CharField(max_length=10, choices=OffBecause, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(
        null=True, blank=True, help_text="The first failure after the last success."
    )
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    rests_until = models.DateTimeField(null=True, blank=True)
    taken_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then it is the worker's that took it."
    )
    served_at = models.DateTimeField(null=True, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="webhook_is_off_for_a_reason",
                condition=Q(turned_off_at=None, off_because="")
                | Q(turned_off_at__isnull=False) & ~Q(off_because=""),
            ),
            models.CheckConstraint(
                name="webhook_of_the_vendor_is_a_system",
                condition=Q(account__isnull=False) | Q(kind=WebhookKind.SYSTEM),
            ),
        ]

    def __str__(self) -> str:
        """Its host: what follows may be as good as a password."""
        return str(urlsplit(self.address).netloc)

    def wants(self, event: str) -> bool:
        """Whether it is told of events of this name; a channel is told of alerts alone."""
        return not self.is_chat and (not self.events or event in self.events)

    @property
    def is_chat(self) -> bool:
        """Whether people read what is posted there, not a program."""
        return self.kind != WebhookKind.SYSTEM

    @property
    def state(self) -> str:
        """The state word that people read."""
        if self.turned_off_at:
            return "turned_off"
        return "failing" if self.failing_since else "active"


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def waiting(self) -> WebhookDeliveryQuerySet:
        """Those that shall still be sent."""
        return self.filter(state=DeliveryState.WAITING)

    def failed(self) -> WebhookDeliveryQuerySet:
        """Those that were tried for three days and will never arrive by themselves."""
        return self.filter(state=DeliveryState.FAILED)

    def due(self) -> WebhookDeliveryQuerySet:
        """Those to be sent now, the longest due first."""
        return self.waiting().filter(due_at__lte=Now()).order_by("due_at", "pk")


class WebhookDelivery(models.Model):
    """One message to a webhook, and what came of its last try.

    ``entry`` is what it tells of; nothing of a test. ``body`` is what was sent last: it is written
    anew for each try, so that what must not be told any more is not.
    """

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    entry = models.ForeignKey(
        AuditEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    event = models.CharField(max_length=50)
    message_id = models.UUIDField(
        unique=True,
        default=uuid.uuid4,
        editable=False,
        help_text="The same at each try, so that a receiver can tell a repeat.",
    )
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    is_by_hand = models.BooleanField(default=False)
    asked_by = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField(db_default=Now())
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    trouble = models.CharField(max_length=20, blank=True)
    took = models.DurationField(null=True, blank=True)
    body = models.TextField(blank=True)
    answer = models.TextField(blank=True, help_text="How the answer began.")

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "webhook deliveries"
        indexes = [
            models.Index(
                fields=["webhook", "due_at"],
                name="waiting_webhook_deliveries",
                condition=Q(state=DeliveryState.WAITING),
            ),
            models.Index(fields=["webhook", "-id"], name="deliveries_of_webhook"),
            models.Index(fields=["settled_at"], name="settled_webhook_deliveries"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "entry"], name="one_delivery_per_webhook_and_entry"
            ),
            models.CheckConstraint(
                name="webhook_delivery_is_settled_or_waits",
                condition=Q(state=DeliveryState.WAITING, settled_at=None)
                | ~Q(state=DeliveryState.WAITING) & Q(settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook}"

    @property
    def account_id(self) -> int | None:
        """The account whose webhook it is for; None of the vendor's own."""
        return self.webhook.account_id

    @property
    def state_word(self) -> str:
        """The state word that people read."""
        return DeliveryState(self.state).word(was_tried=self.tries > 0, there="delivered")
