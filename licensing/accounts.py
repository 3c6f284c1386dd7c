"""Accounts: opening them, and finding the one that an order names."""

from __future__ import annotations

from django.db import transaction

from licensing import audit
from licensing.errors import AlreadyDone, InvalidOperation
from licensing.models import Account
from licensing.names import require_one_line


@transaction.atomic
def open_new(account: Account, *, by: audit.Actor, reason: str = "") -> Account:
    """Open this account, which is new.

    Raise InvalidOperation for a name that is none, AlreadyDone when there is one of that name.
    """
    account.name = account.name.strip()
    if not account.name:
        raise InvalidOperation("An account needs a name.")
    require_one_line(account.name)
    if found := find(account.name):
        raise AlreadyDone(f"There is an account called {found} already.")
    account.save()
    audit.record(account, "account_created", by=by, reason=reason)
    return account


def find(name: str) -> Account | None:
    """The account of this name in whatever case, if there is one."""
    return Account.objects.filter(name__iexact=name.strip()).first()


def named(name: str, *, by: audit.Actor) -> Account:
    """The account of this name in whatever case, opened if there is none."""
    return find(name) or open_new(Account(name=name), by=by)
