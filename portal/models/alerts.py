"""Alerts: what an account's people want to be told of, what is the case, and who was told."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat, Now
from django.utils import timezone

from licensing.models import Account, AuditEntry, Licence
from licensing.names import NameField
from portal.models.people import Role, User
from portal.models.snoozes import Snooze
from portal.models.tags import LONGEST_TAG
from portal.models.webhooks import Webhook, WebhookDelivery

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

SNOOZED_AS = "alert:"
"""Before its id: what an alert is called among what a person has put off."""
ONE_LOOK = dt.timedelta(minutes=1)
"""Alerts that end by one look at what is the case do so within this."""


class AlertRuleQuerySet(models.QuerySet["AlertRule"]):
    def running(self) -> AlertRuleQuerySet:
        """Those that are on and not paused."""
        return self.filter(Q(paused_until=None) | Q(paused_until__lte=Now()), is_on=True)

    def mailing(self, person: int, role: str) -> AlertRuleQuerySet:
        """Those that name somebody with this role, who has not stopped their mails."""
        named = self.filter(Q(roles__contains=[role]) | Q(people=person))
        return named.exclude(stopped_by=person).distinct()


class AlertRule(models.Model):
    """Of what somebody is told, for which licences, and who that is.

    ``event`` is one of ``portal.alerts.events``. Without a licence and a tag it is about all of
    the account. ``threshold`` is what that event makes of it: a share, or days.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="alert_rules")
    event = models.CharField(max_length=30)
    threshold = models.PositiveSmallIntegerField(null=True, blank=True)
    licence = models.ForeignKey(
        Licence, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    tag = NameField(max_length=LONGEST_TAG, blank=True)
    roles = ArrayField(
        models.CharField(max_length=10, choices=Role),
        default=list,
        blank=True,
        help_text="Everybody with one of these roles is told.",
    )
    people = models.ManyToManyField(User, blank=True, related_name="+")
    webhook = models.ForeignKey(
        Webhook, null=True, blank=True, on_delete=models.SET_NULL, related_name="alert_rules"
    )
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(
        null=True, blank=True, help_text="By the clocks of whoever is told."
    )
    is_on = models.BooleanField(default=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ManyToManyField(
        User, blank=True, related_name="+", help_text="Who wants no mails by it."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.CharField(max_length=255)

    objects = AlertRuleQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="alert_rule_is_about_a_licence_or_a_tag",
                condition=Q(licence=None) | Q(tag=""),
            ),
            models.CheckConstraint(
                name="quiet_hours_begin_and_end",
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False)
                & ~Q(quiet_from=models.F("quiet_until")),
            ),
        ]

    def __str__(self) -> str:
        """Its event's title in English."""
        return self.event.replace("_", " ").capitalize()

    @property
    def is_paused(self) -> bool:
        """Whether it is on, but for a while not."""
        return self.is_on and self.paused_until is not None and self.paused_until > timezone.now()

    @property
    def is_running(self) -> bool:
        """Whether anybody is told by it."""
        return self.is_on and not self.is_paused


class AlertQuerySet(models.QuerySet["Alert"]):
    def unresolved(self) -> AlertQuerySet:
        """Those that are not over, or have not been for long."""
        return self.filter(resolved_at=None)

    def open(self) -> AlertQuerySet:
        """Those whose cause is there."""
        return self.unresolved().filter(eased_at=None)

    def seen_by(self, person: Combinable, role: Combinable) -> AlertQuerySet:
        """Those open ones that somebody with this role sees, and has not put off.

        Where one of a higher threshold is open it says all: a pool that is full is 90 % full too.
        """
        higher = Alert.objects.open().filter(
            account=OuterRef("account"), event=OuterRef("event"), licence=OuterRef("licence"),
            threshold__gt=OuterRef("threshold"),
        )  # fmt: skip
        return self.open().told_to(person, role).filter(~Exists(higher))

    def told_to(self, person: Combinable, role: Combinable) -> AlertQuerySet:
        """Those, over or not, that somebody with this role sees, and has not put off."""
        put_off = Snooze.objects.running().filter(
            account=OuterRef("account"), person=OuterRef("reader"), name=OuterRef("put_off_as")
        )
        put_off_as = Concat(Value(SNOOZED_AS), Cast("pk", models.CharField()))
        found = self.alias(
            reader=Cast(person, models.BigIntegerField()),
            role=Cast(role, models.CharField()),
            put_off_as=put_off_as,
        )
        return found.filter(~Exists(put_off)).filter(Q(is_for_owners=False) | Q(role=Role.OWNER))

    def strongest(self) -> AlertQuerySet:
        """Those, over or not, beside which none of a higher threshold lasts or lasted as long."""
        until = Coalesce(OuterRef("eased_at"), OuterRef("resolved_at"), Now())
        higher = Alert.objects.filter(
            account=OuterRef("account"), event=OuterRef("event"), licence=OuterRef("licence"),
            threshold__gt=OuterRef("threshold"), opened_at__lte=until,
        )  # fmt: skip
        gone_at = Coalesce("eased_at", "resolved_at")
        lasts = Q(gone_at=None) | Q(gone_at__gte=until - ONE_LOOK)
        return self.filter(~Exists(higher.alias(gone_at=gone_at).filter(lasts)))


class Alert(models.Model):
    """Something of which people are told once: it began, and at some time it is over.

    ``key`` tells one cause of an event from another. ``facts`` are what its sentence needs, as
    they are or were last; ``eased_at`` is when the cause had gone, if it is not back since.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="alerts")
    event = models.CharField(max_length=30)
    key = models.CharField(max_length=80)
    threshold = models.PositiveSmallIntegerField(null=True, blank=True)
    licence = models.ForeignKey(
        Licence, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    entry = models.ForeignKey(
        AuditEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_for_owners = models.BooleanField(default=False, help_text="Others do not see it.")
    facts = models.JSONField(default=dict, blank=True)
    since = models.DateTimeField(db_default=Now())
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    ends_at = models.DateTimeField(
        null=True, blank=True, help_text="When it is over by itself, if it has no other end."
    )
    eased_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        indexes = [models.Index(fields=["resolved_at"], name="resolved_alerts")]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "event", "key"],
                name="one_alert_for_a_cause",
                condition=Q(resolved_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.key} of {self.account}"

    @property
    def over_at(self) -> dt.datetime | None:
        """When its cause had gone; None while it is there."""
        return self.eased_at or self.resolved_at

    @property
    def is_open(self) -> bool:
        """Whether its cause is there."""
        return self.over_at is None

    @property
    def snoozed_as(self) -> str:
        """What it is called among what a person has put off."""
        return f"{SNOOZED_AS}{self.pk}"


class AlertNoticeQuerySet(models.QuerySet["AlertNotice"]):
    def waiting(self) -> AlertNoticeQuerySet:
        """Those that are still to be sent."""
        return self.filter(sent_at=None)

    def due(self) -> AlertNoticeQuerySet:
        """Those to be sent now, the longest due first."""
        return self.waiting().filter(due_at__lte=Now()).order_by("due_at", "pk")


class AlertNotice(models.Model):
    """That one reader is told that an alert began, or that it is over (``is_end``).

    A reader is a person or a webhook. ``delivery`` is how the webhook was told.
    """

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="notices")
    rule = models.ForeignKey(AlertRule, on_delete=models.CASCADE, related_name="notices")
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    webhook = models.ForeignKey(
        Webhook, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    delivery = models.ForeignKey(
        WebhookDelivery, null=True, blank=True, on_delete=models.SET_NULL, related_name="notices"
    )
    is_end = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    failed_tries = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How often its message could not be written."
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = AlertNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["due_at"], name="waiting_alert_notices", condition=Q(sent_at=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "user", "webhook", "is_end"],
                name="reader_is_told_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="notice_has_one_reader",
                condition=Q(user__isnull=False, webhook=None) | Q(user=None, webhook__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert} to {self.user or self.webhook}"
