"""Forms that were sent after their sign-in had ended, kept until the person is back."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class KeptForm(models.Model):
    """What one browser sent last as nobody: where to, from which page, whose, what was typed."""

    browser = models.CharField(
        max_length=64, primary_key=True, help_text="The digest of what its cookie says."
    )
    person = models.BigIntegerField(help_text="To whom the form's page was shown.")
    account = models.BigIntegerField(help_text="Of which account it was; 0: of none.")
    address = models.TextField(help_text="Where the form was sent to.")
    page = models.TextField(help_text="The page that it stood on.")
    fields = models.JSONField(default=list, help_text="Names and values, no secrets among them.")
    is_partial = models.BooleanField(help_text="Secrets or files were left out.")
    kept_at = models.DateTimeField(db_default=Now(), editable=False, db_index=True)
    is_shown = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.address} ({self.browser[:8]})"
