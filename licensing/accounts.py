"""Accounts: opening them, and finding the one that an order names."""

from __future__ import annotations

import unicodedata

from django.db import IntegrityError, transaction

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
    account.name = as_written(account.name)
    require_new(account.name)
    save_new(account)
    audit.record(account, "account_created", by=by, reason=reason)
    return account


def save_new(account: Account) -> None:
    """Save it; raise AlreadyDone when one of its name was opened since that was looked for."""
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:  # account_name_is_unique, customer_is_one_account
        require_new(account.name)
        raise


def as_written(name: str) -> str:
    """A customer's name as it is kept: letters composed, single blanks."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def require_new(name: str) -> None:
    """Raise AlreadyDone when there is an account of this name, however it is written."""
    if found := find(name):
        raise AlreadyDone(f"There is an account called {found} already.", part="name")


def find(name: str) -> Account | None:
    """The account of this name, if there is one; case, blanks and compositions do not matter.

    Of several that were there before that was so, the one that is written like this.
    """
    alike = Account.objects.called(name)
    return alike.filter(name__iexact=name.strip()).first() or alike.first()


@transaction.atomic
def named(name: str, *, by: audit.Actor) -> Account:
    """The account of this name, however it is written, opened if there is none.

    It is locked, or it could close meanwhile. Raise InvalidOperation when it is closed.
    """
    found = find(name)
    if found is None:
        return open_new(Account(name=name), by=by)
    locked = Account.objects.locked(found.pk)
    locked.require_open()
    return locked
