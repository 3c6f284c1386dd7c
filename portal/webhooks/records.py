"""What is done with webhooks, written down: in the account's audit record, or in staff's history.

The vendor's own belong to no account: what staff did to them stands in Django's history of the
admin, as all that belongs to none, and in the log.
"""

from __future__ import annotations

from typing import Any

import structlog

from licensing import audit
from licensing.models import Account
from portal.desk import staff_history
from portal.models import User, Webhook
from portal.webhooks import catalogue

logger = structlog.get_logger(__name__)


def note(hook: Webhook, act: str, *, by: audit.Actor, reason: str = "", **details: Any) -> None:
    """Write down what was done to it, and why; never a secret."""
    if hook.account_id:
        audit.record(hook, act, by=by, reason=reason, **details)
        return
    logger.info("vendors_webhook", act=act, webhook=hook.pk, by=by.name)
    staff = User.objects.filter(pk=by.id).first() if by.kind == "support" else None
    if staff:
        words = f"{catalogue.EVENTS[catalogue.name_of(act)]} {hook} {reason}".strip()
        staff_history.note(hook, words, by=staff)


def lock_account_of(hook: Webhook) -> None:
    """Whoever records something of an account holds it; of none there is nothing to hold."""
    if hook.account_id:
        Account.objects.locked(hook.account_id)
