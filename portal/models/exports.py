"""Exports too long to wait for: made in the background, fetched by a link in a mail."""

from __future__ import annotations

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models.functions import Now

from licensing.models import Account
from portal.models.deliveries import Delivery
from portal.models.people import User


def private_files() -> Storage:
    """Where files lie that only their owner may fetch; no web server shows them."""
    return storages["private"]


class ExportQuerySet(models.QuerySet["Export"]):
    def ended(self) -> ExportQuerySet:
        """Those that can be fetched, and those of which it is told that they failed."""
        return self.filter(ends_at__gt=Now())


class Export(models.Model):
    """One list as one person saw it, as a file; kept for 14 days after it is ready."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="exports")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exports")
    listed = models.CharField(max_length=30)
    format = models.CharField(max_length=5)
    query = models.TextField(blank=True, help_text="The view's address after the question mark.")
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveIntegerField(null=True, blank=True)
    mail = models.OneToOneField(
        Delivery, null=True, blank=True, on_delete=models.SET_NULL, related_name="export"
    )
    file = models.FileField(storage=private_files, upload_to="exports", blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.listed} of {self.account} for {self.person}"
