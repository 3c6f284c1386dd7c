"""What licences were in the customer's own licence manager (ALM) before an import made them."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from licensing.models.licences import Licence


class FromAlm(models.Model):
    """The row of a customer's ALM list of which a licence was made.

    All of an account are one move, however many lists there were.
    """

    licence = models.OneToOneField(Licence, on_delete=models.CASCADE, related_name="from_alm")
    server = models.CharField(max_length=100, blank=True)
    seats = models.PositiveIntegerField(help_text="Of the whole row, also where it was split.")
    peak = models.PositiveIntegerField(
        null=True, help_text="The most that were in use at once, by ALM's own log."
    )
    imported_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "licence from ALM"
        verbose_name_plural = "licences from ALM"

    def __str__(self) -> str:
        return f"{self.licence} of {self.server or 'ALM'}"
