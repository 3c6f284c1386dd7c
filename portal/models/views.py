"""Views of lists that a person saved under a name."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from licensing.models import Account
from licensing.models.spelling import Alphabetical
from licensing.names import NameField
from portal.models.people import User

MOST_IN_A_NAME = 60


class SavedView(models.Model):
    """What one person asked of a list of an account; shared ones everybody of the account sees."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="saved_views")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    listed = models.CharField(max_length=20, help_text="Which list, such as sessions.")
    name = NameField(max_length=MOST_IN_A_NAME)
    query = models.CharField(
        max_length=2000, blank=True, help_text="What the list's address asks for, without a page."
    )
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = [Alphabetical("name")]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "person", "listed", "name"], name="person_names_a_view_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
