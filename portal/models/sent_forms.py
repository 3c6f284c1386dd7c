"""Which forms did something already, and what they were answered."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class SentForm(models.Model):
    """One form with one content, by what it is recognised when it comes again."""

    fingerprint = models.CharField(max_length=64, primary_key=True)
    address = models.CharField(
        max_length=2000, blank=True, help_text="Where the answer led; empty: it was a page."
    )
    messages = models.JSONField(default=list, help_text="What the next page said.")
    sent_at = models.DateTimeField(db_default=Now(), editable=False, db_index=True)

    def __str__(self) -> str:
        return f"{self.fingerprint[:8]} → {self.address}"
