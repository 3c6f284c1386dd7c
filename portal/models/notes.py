"""What a customer wrote about a licence for its own people."""

from __future__ import annotations

from django.db import models

from licensing.models import Account, Licence
from licensing.names import NameField

LONGEST_NOTES = 2000


class LicenceNotes(models.Model):
    """Whom a licence's people ask about it, and what else they should know; all plain text."""

    licence = models.OneToOneField(
        Licence, on_delete=models.CASCADE, primary_key=True, related_name="customer_notes"
    )
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    contact_name = NameField(max_length=100, blank=True)
    contact_email = models.EmailField(blank=True)
    text = models.TextField(max_length=LONGEST_NOTES, blank=True)

    class Meta:
        verbose_name_plural = "licence notes"

    def __str__(self) -> str:
        return f"Notes of {self.licence}"
