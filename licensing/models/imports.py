"""Imports: lists of other licence managers, taken in row by row, and how far each is."""

from __future__ import annotations

from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Now

from licensing.models.accounts import Account
from licensing.models.audit import AuditEntry


class Source(models.TextChoices):
    """Where a list comes from. The record has these words, so they never change."""

    ALM = "alm", "an ALM list"
    KEYGEN = "keygen", "Keygen's licences"
    OPTIONS = "options", "an options file"
    EXPORT = "export", "an account's export"


class ImportQuerySet(models.QuerySet["Import"]):
    def open(self) -> ImportQuerySet:
        """Those of which something is still to be done."""
        return self.filter(ended_at=None)

    def counted(self) -> ImportQuerySet:
        """Each with its rows counted: all of them, ``made``, ``failed``, and those ``to_go``."""
        settled = Q(rows__settled_at__isnull=False)
        return self.annotate(
            number_of_rows=Count("rows"),
            made=Count("rows", filter=settled & Q(rows__problem="")),
            failed=Count("rows", filter=settled & ~Q(rows__problem="")),
            to_go=F("number_of_rows") - F("made") - F("failed"),
        )


class Import(models.Model):
    """A list that somebody confirmed, and how far it is.

    ``entry`` says who wanted it, and why; what is made by it names that as what it is part of.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="imports")
    source = models.CharField(max_length=10, choices=Source)
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="began_import")
    began_at = models.DateTimeField(db_default=Now(), editable=False)
    moved_at = models.DateTimeField(null=True, help_text="When rows were settled last.")
    ended_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_import_of_an_account",
                fields=["account"],
                condition=models.Q(ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"Import of {self.get_source_display()}"


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def waiting(self) -> ImportRowQuerySet:
        """Those that are neither made nor refused."""
        return self.filter(settled_at=None)

    def made(self) -> ImportRowQuerySet:
        """Those of which something was made."""
        return self.filter(settled_at__isnull=False, problem="")

    def failed(self) -> ImportRowQuerySet:
        """Those of which nothing could be made."""
        return self.filter(settled_at__isnull=False).exclude(problem="")


class ImportRow(models.Model):
    """One thing that an import makes, a licence or a device, in the order of the list.

    ``asked`` is what to make, until that is settled; ``seats`` how many rows of the database that
    takes beside; ``made`` the id of what was made, ``problem`` why nothing was.
    """

    whole = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="Its line in the list.")
    kind = models.CharField(max_length=30, default="licence")
    name = models.CharField(max_length=255)
    seats = models.PositiveIntegerField(default=0)
    asked = models.JSONField(default=dict)
    settled_at = models.DateTimeField(null=True)
    made = models.CharField(max_length=64, blank=True)
    problem = models.TextField(blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["whole", "id"],
                name="waiting_rows_of_import",
                condition=models.Q(settled_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name
