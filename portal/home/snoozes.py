"""Snoozing: what a person put off on the home page comes back after seven days."""

from __future__ import annotations

import datetime as dt

from django.db.models.functions import Now

from licensing.models import Account
from portal.models import Snooze, User

SNOOZED_FOR = dt.timedelta(days=7)


def snooze(account: Account, person: User, name: str) -> None:
    """Put a thing off for seven days, from now on if it was put off before."""
    Snooze.objects.update_or_create(
        account=account, person=person, name=name, defaults={"until": Now() + SNOOZED_FOR}
    )


def snoozed(account: Account, person: User) -> set[str]:
    """The names of the things that the person has put off."""
    running = Snooze.objects.running().filter(account=account, person=person)
    return set(running.values_list("name", flat=True))


def wake(account: Account, person: User) -> None:
    """Show the person everything again."""
    Snooze.objects.filter(account=account, person=person).delete()
