"""Requests: what an account's people ask the vendor's desk for."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from licensing.models import Account, Licence
from portal.models.deliveries import Delivery


class RequestKind(models.TextChoices):
    """What is asked for."""

    SEATS = "seats", gettext_lazy("More seats")
    MOVE = "move", gettext_lazy("A move")
    HELP = "help", gettext_lazy("Help")


class RequestState(models.TextChoices):
    """How far it has come."""

    OPEN = "open", gettext_lazy("Waiting for an answer")
    ANSWERED = "answered", gettext_lazy("Answered")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")


class CustomerRequest(models.Model):
    """One request, and the desk's answer. Who asked and who answered is kept as text."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="requests")
    licence = models.ForeignKey(
        Licence, null=True, blank=True, on_delete=models.CASCADE, related_name="requests"
    )
    kind = models.CharField(max_length=10, choices=RequestKind, default=RequestKind.HELP)
    seats = models.PositiveIntegerField(null=True, blank=True, help_text="The user limit wanted.")
    text = models.TextField(max_length=2000)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.OPEN)
    asked_by = models.CharField(max_length=200)
    asked_by_email = models.EmailField()
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    taken_by = models.CharField(
        max_length=200, blank=True, db_default="", help_text="Who of the desk sees to it."
    )
    answer = models.TextField(max_length=2000, blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    mail = models.OneToOneField(
        Delivery,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="request",
        help_text="To the desk.",
    )
    answer_mail = models.OneToOneField(
        Delivery,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="answered_request",
        help_text="To whoever asked.",
    )

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = "request"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=RequestState.ANSWERED)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="answered_request_has_an_answer",
            ),
        ]

    def __str__(self) -> str:
        about = f", {self.licence}" if self.licence else ""
        return f"{self.get_kind_display()}{about}"
