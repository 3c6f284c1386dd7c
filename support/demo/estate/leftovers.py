"""Leftovers: what an interrupted attempt to fill in the demo left behind."""

from __future__ import annotations

import pgtrigger
from django.db import transaction

from licensing.models import (
    Account,
    AuditEntry,
    ClientSession,
    Denial,
    Device,
    Licence,
    LicenceTemplate,
    OutboxEvent,
    ProductKey,
    Seat,
)
from portal.models import Membership, User, Webhook
from support.demo.estate.accounts import TEAMS
from support.demo.estate.catalogue import TEMPLATES
from support.demo.estate.people import OWNER, PEOPLE, SUPERVISOR

OF_AN_ACCOUNT = (
    Webhook,
    Denial,
    Device,
    Seat,
    ClientSession,
    ProductKey,
    Licence,
    OutboxEvent,
    AuditEntry,
)
"""What an account has, in the order in which it can be deleted."""


def is_filled_in() -> bool:
    """Whether the demo is complete: its people join their accounts in the last step."""
    return Membership.objects.filter(user__email=OWNER.email).exists()


@transaction.atomic
def remove() -> None:
    """Remove the accounts and people of an attempt that broke off; nothing if there was none."""
    if is_filled_in() or not User.objects.filter(email=OWNER.email).exists():
        return
    accounts = Account.objects.filter(name__in={team.account for team in TEAMS})
    with pgtrigger.ignore("licensing.AuditEntry:append_only"):
        for model in OF_AN_ACCOUNT:
            model._default_manager.filter(account__in=accounts).delete()
    accounts.delete()
    Webhook.objects.of_vendor().filter(created_by__contains=SUPERVISOR.email).delete()
    LicenceTemplate.objects.filter(name__in=[name for name, *_ in TEMPLATES]).delete()
    User.objects.filter(email__in=[person.email for person in PEOPLE]).delete()
