"""The privacy switch: whether viewers see people and machines as aliases."""

from __future__ import annotations

from django.db import transaction

from licensing import audit
from licensing.models import Account
from portal.models import AccountPreferences


@transaction.atomic
def show_aliases(account: Account, shown: bool, *, by: audit.Actor, reason: str = "") -> bool:
    """Let viewers see aliases, or real names again; False when they do already."""
    Account.objects.locked(account.pk)
    preferences = AccountPreferences.of(account)
    if preferences.shows_aliases == shown:
        return False
    AccountPreferences.objects.update_or_create(account=account, defaults={"shows_aliases": shown})
    audit.record(account, "aliases_changed", by=by, reason=reason, shown=shown)
    return True
