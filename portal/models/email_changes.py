"""Changing the e-mail address that a person signs in with."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models.functions import Now

from portal.models.deliveries import Delivery
from portal.models.people import User


def new_code() -> str:
    """What makes a confirming address unguessable."""
    return secrets.token_urlsafe(32)


class EmailChangeQuerySet(models.QuerySet["EmailChange"]):
    def open(self) -> EmailChangeQuerySet:
        """Changes that can still be confirmed."""
        return self.filter(done_at=None, cancelled_at=None, ends_at__gt=Now())


class EmailChange(models.Model):
    """A new address that waits until the old one and the new one have confirmed it.

    One that the support desk was asked for has an actor and waits till ``due_at`` instead of
    the old address, which may be dead, but can stop it until then.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="email_changes")
    email = models.EmailField("new e-mail address")
    old_code = models.CharField(max_length=64, unique=True, default=new_code)
    new_code = models.CharField(max_length=64, unique=True, default=new_code)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ends_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_name = models.CharField(max_length=255, blank=True)
    reason = models.TextField(blank=True)
    old_confirmed_at = models.DateTimeField(null=True, blank=True)
    new_confirmed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    old_mail = models.OneToOneField(
        Delivery, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    new_mail = models.OneToOneField(
        Delivery, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = EmailChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "e-mail change"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.user} to {self.email}"

    @property
    def is_by_support(self) -> bool:
        return self.due_at is not None
