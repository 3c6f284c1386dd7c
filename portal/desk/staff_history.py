"""What staff did to what belongs to no account, where no audit record has it.

It stands in Django's history of the admin, and the console's *Staff activity* reads it there.
"""

from __future__ import annotations

from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Model

from portal.models import User


def note(record: Model, words: str, *, by: User) -> None:
    """Keep that somebody of the staff did this to a record."""
    LogEntry.objects.log_actions(by.pk, [record], CHANGE, words, single_object=True)
