"""The words of its own that a customer puts on its licences."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from licensing.models import Account, Licence
from licensing.models.spelling import Alphabetical
from licensing.names import NameField

LONGEST_TAG = 30


class LicenceTag(models.Model):
    """One word, such as a site or a cost centre, on one licence."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="licence_tags")
    licence = models.ForeignKey(
        Licence, on_delete=models.CASCADE, related_name="tags", db_index=False
    )
    name = NameField(max_length=LONGEST_TAG)

    class Meta:
        ordering = [Alphabetical("name")]
        constraints = [
            models.UniqueConstraint("licence", Lower("name"), name="tag_is_on_a_licence_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="tag_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} on {self.licence}"
