"""Visits: the vendor's support looks at an account as its owner sees it, for half an hour."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy

from licensing.models import Account, AuditEntry
from portal.models.people import User

LONGEST_TICKET = 40


class VisitOver(models.TextChoices):
    """Why a visit is over."""

    ENDED = "ended", gettext_lazy("Ended by hand")
    TIME = "time", gettext_lazy("Half an hour was over")
    SIGNED_OUT = "signed_out", gettext_lazy("Signed out")
    NO_RIGHT = "no_right", gettext_lazy("No right to it any more")
    ACCOUNT_CLOSED = "closed", gettext_lazy("The account was closed")


class VisitQuerySet(models.QuerySet["Visit"]):
    def going_on(self) -> VisitQuerySet:
        """Those whose end nobody has written down yet."""
        return self.filter(ended_at=None)

    def overdue(self) -> VisitQuerySet:
        """Those of them whose half hour is over."""
        return self.going_on().filter(ends_at__lte=Now())


class Visit(models.Model):
    """One view of an account, read only, by one person of the vendor's staff in one browser.

    ``entry`` is what the customer's record says of its beginning: who, why and from where.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="visits")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="visits")
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="visit")
    ticket = models.CharField(max_length=LONGEST_TICKET, blank=True)
    began_at = models.DateTimeField(db_default=Now(), editable=False)
    ends_at = models.DateTimeField(help_text="Over by itself then.")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[VisitQuerySet] = VisitQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-began_at"]
        constraints = [
            models.CheckConstraint(
                name="visit_ends_after_it_began", condition=Q(ends_at__gt=F("began_at"))
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(ended_at=None), name="visits_going_on"),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.account}"

    @property
    def is_due(self) -> bool:
        """Whether its half hour is over."""
        return self.ends_at <= timezone.now()
