"""Snoozing: what a person put off on the home page comes back after seven days."""

from __future__ import annotations

import datetime as dt

from django.db.models.functions import Now

from licensing.models import Account
from portal.models import Alert, Snooze, User
from portal.models.alerts import SNOOZED_AS

SNOOZED_FOR = dt.timedelta(days=7)


def snooze(account: Account, person: User, name: str) -> None:
    """Put a thing off for seven days, from now on if it was put off before."""
    Snooze.objects.update_or_create(
        account=account, person=person, name=name, defaults={"until": Now() + SNOOZED_FOR}
    )


def snoozed(account: Account, person: User) -> set[str]:
    """The names of the things of the home page that the person has put off."""
    running = Snooze.objects.running().filter(account=account, person=person)
    return set(running.exclude(name__startswith=SNOOZED_AS).values_list("name", flat=True))


def snoozed_alerts(account: Account, person: User) -> int:
    """How many open alerts the person has put off."""
    running = Snooze.objects.running().filter(account=account, person=person)
    names = running.filter(name__startswith=SNOOZED_AS).values_list("name", flat=True)
    ids = [name.removeprefix(SNOOZED_AS) for name in names]
    return Alert.objects.open().filter(account=account, pk__in=ids).count() if ids else 0


def wake(account: Account, person: User) -> None:
    """Show the person everything of the home page again."""
    of_person = Snooze.objects.filter(account=account, person=person)
    of_person.exclude(name__startswith=SNOOZED_AS).delete()


def wake_alerts(account: Account, person: User) -> None:
    """Show the person all open alerts again."""
    Snooze.objects.filter(account=account, person=person, name__startswith=SNOOZED_AS).delete()
