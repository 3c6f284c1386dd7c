"""What the staff's rights belong to, what they signed and asked for, and what the API keeps."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from licensing.models import Account, Licence, PlannedSeats
from licensing.names import NameField
from portal.models.tokens import WORKS_NOW, SecretToken
from support.permissions import RIGHTS


class StaffRight(models.Model):
    """Carries the permissions of ``support.permissions``; has no rows."""

    class Meta:
        managed = False
        default_permissions: ClassVar[tuple[str, ...]] = ()
        permissions = RIGHTS  # type: ignore[assignment] # plain words are words, too

    def __str__(self) -> str:
        return "Staff right"


class ActivityReview(models.Model):
    """That a supervisor looked through what staff did in a week, once and for good.

    ``week`` is its Monday. Who signed is text: it outlives the person. The counts are those that
    they saw; the database refuses to change or delete any of it.
    """

    week = models.DateField(unique=True)
    signer = models.CharField(max_length=64)
    signed_by = models.CharField(max_length=255)
    signed_at = models.DateTimeField(db_default=Now(), editable=False)
    note = models.TextField(max_length=500)
    deeds = models.PositiveIntegerField()
    unusual = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-week"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"The week from {self.week}"


class VendorScope(models.TextChoices):
    """What a staff token may do. The values are public: programs' authors read them in answers."""

    READ = "read", "Read accounts, licences, masked keys and orders"
    ACCOUNTS = "accounts:write", "Open accounts and invite their first owner"
    LICENCES = (
        "licences:write",
        "Sell licences, change seats and terms, give emergency seats, suspend and reinstate",
    )
    HAND_OVER = "keys:hand-over", "Hand keys over to owners"


class StaffTokenQuerySet(models.QuerySet["StaffToken"]):
    def working(self) -> StaffTokenQuerySet:
        """Tokens that open the vendor's API now: no longer than whoever made them is staff."""
        return self.filter(WORKS_NOW, made_by__is_active=True, made_by__is_staff=True)


class StaffToken(SecretToken):
    """A secret that opens the vendor's API, as far as whoever made it may act themselves."""

    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_tokens"
    )
    scopes = ArrayField(models.CharField(max_length=20, choices=VendorScope))

    objects = StaffTokenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(scopes__len__gt=0), name="staff_token_may_do_something"
            ),
        ]


class RenewalCalendar(models.Model):
    """Where one of the staff has their calendar of renewals read; of it only a keyed digest.

    It is read there as long as they may see renewals.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="renewal_calendar"
    )
    digest = models.BinaryField(unique=True, max_length=32)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        default_permissions: ClassVar[tuple[str, ...]] = ()

    def __str__(self) -> str:
        return f"Renewals for {self.person}"


class CustomerNumber(models.Model):
    """What the vendor's shop or CRM calls an account: the ``external_reference`` of its API."""

    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, primary_key=True, related_name="customer_number"
    )
    number = NameField(max_length=100, unique=True)

    class Meta:
        default_permissions: ClassVar[tuple[str, ...]] = ()

    def __str__(self) -> str:
        return self.number


class OrderReference(models.Model):
    """The order by which something of a licence was sold or changed; what was, says ``act``.

    ``planned`` is what it changes later; empty where it did so at once.
    """

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="order_references")
    reference = NameField(max_length=100, db_index=True)
    act = models.CharField(max_length=20)
    planned = models.ForeignKey(
        PlannedSeats, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    noted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()

    def __str__(self) -> str:
        return self.reference


class AnsweredRequest(models.Model):
    """What a request of the vendor's API was answered that did something, to answer it so again.

    It is written in the transaction that did it, and kept for a day.
    """

    token = models.ForeignKey(StaffToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    headers = models.JSONField(default=dict)
    answered_at = models.DateTimeField(db_default=Now(), editable=False, db_index=True)

    class Meta:
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["token", "key"], name="one_answer_for_each_key"),
        ]

    def __str__(self) -> str:
        return f"{self.key} → {self.status}"


class ApprovalState(models.TextChoices):
    """What became of what somebody asked a second one to approve."""

    WAITING = "waiting", "Waiting"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    LAPSED = "lapsed", "Lapsed"


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def waiting(self) -> ApprovalQuerySet:
        """Those that can still be approved."""
        return self.filter(state=ApprovalState.WAITING, lapses_at__gt=Now())


class Approval(models.Model):
    """An act of one of the staff that a second one has to approve before it is done.

    ``table``, ``act`` and ``record`` say what to do to what; ``asked`` is what the act's form
    asked, ``effects`` and ``fingerprint`` what was foretold and seen of the record. The asker and
    who judged it are text: it outlives them. Nobody judges what they asked for.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="approvals")
    table = models.CharField(max_length=40)
    act = models.CharField(max_length=40)
    record = models.CharField(max_length=64)
    label = models.CharField(max_length=100)
    description = models.CharField(max_length=600)
    asked = models.JSONField(default=list)
    effects = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64)
    reason = models.TextField()
    ticket = models.CharField(max_length=40, blank=True)
    staff_words = models.TextField(blank=True)
    is_quiet = models.BooleanField(default=False)
    asker = models.CharField(max_length=64)
    asked_by = models.CharField(max_length=255)
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    lapses_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ApprovalState, default=ApprovalState.WAITING)
    judge = models.CharField(max_length=64, blank=True)
    judged_by = models.CharField(max_length=255, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(blank=True)

    objects: ClassVar[ApprovalQuerySet] = ApprovalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering: ClassVar[list[str]] = ["asked_at", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="approval_is_never_of_ones_own",
                condition=~Q(asker="") & ~Q(judge=F("asker")),
            ),
            models.CheckConstraint(
                name="approval_has_a_judge_when_judged",
                condition=Q(state__in=["approved", "declined"], judged_at__isnull=False)
                & ~Q(judge="")
                | Q(state__in=["waiting", "withdrawn", "lapsed"], judge=""),
            ),
            models.CheckConstraint(
                name="approval_lapses_after_it_was_asked", condition=Q(lapses_at__gt=F("asked_at"))
            ),
            models.UniqueConstraint(
                fields=["table", "act", "record"],
                condition=Q(state="waiting"),
                name="approval_waits_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.description}"

    @property
    def is_due(self) -> bool:
        """Whether nobody judged it within its day."""
        return self.state == ApprovalState.WAITING and self.lapses_at <= timezone.now()

    @property
    def state_in_words(self) -> str:
        """What became of it."""
        return str(ApprovalState.LAPSED.label if self.is_due else self.get_state_display())
