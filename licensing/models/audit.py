"""The audit record: what people, support and the system changed, chained per account."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models.functions import Upper

from licensing.models.accounts import Account


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def wholes(self) -> AuditEntryQuerySet:
        """Acts, each once: without what is part of one."""
        return self.filter(part_of=None)


class AuditEntry(models.Model):
    """One change, told so that it is still understood when everybody involved has left.

    Who did it is text, never a foreign key: the record outlives the person.
    ``digest`` covers the entry and the one before it; ``manage.py verify_audit``
    checks the chain. The database refuses to change or delete an entry; only taking somebody's
    names out (``licensing.audit_rewriting``) passes it by, and leaves ``digest`` as it was.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="audit_entries")
    number = models.PositiveBigIntegerField(help_text="1 for an account's first entry, no gaps.")
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_name = models.CharField(max_length=255)
    action = models.CharField(max_length=50)
    object_kind = models.CharField(max_length=30)
    object_id = models.CharField(max_length=64)
    object_name = models.CharField(max_length=255)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True, help_text="From where, if by request.")
    user_agent = models.CharField(max_length=300, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    ticket = models.CharField(
        max_length=40, blank=True, db_default="", help_text="For the vendor's people alone."
    )
    staff_words = models.TextField(
        blank=True, db_default="", help_text="For the vendor's people alone: why, in their words."
    )
    is_quiet = models.BooleanField(
        default=False, db_default=False, help_text="The customer was told of it by no mail."
    )
    part_of = models.PositiveBigIntegerField(
        null=True,
        blank=True,
        help_text="The number of the entry that tells of the whole act, such as an import.",
    )
    digest = models.CharField(max_length=64)
    rewritten = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="Digest of what it says since somebody's names were taken out of it.",
    )

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-number"]
        verbose_name_plural = "audit entries"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "number"], name="audit_numbers_have_no_double"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "object_kind", "object_id"], name="audit_of_object"),
            models.Index(
                fields=["-at", "-id"],
                condition=models.Q(actor_kind="support", part_of=None),
                name="audit_of_deeds",
            ),
            models.Index(
                Upper("ticket"),
                models.F("id").desc(),
                condition=models.Q(ticket__gt=""),
                name="audit_of_ticket",
            ),
            models.Index(
                fields=["request_id"],
                condition=~models.Q(request_id=""),
                name="audit_of_request",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.action} {self.object_name}"
