"""Whose a record is that something may be done to."""

from __future__ import annotations

from typing import Any

from licensing.models import Account
from portal.models import WebhookDelivery


def account_of(record: Any) -> Account | None:
    """The account that the record is or belongs to; a person of the portal belongs to none."""
    if isinstance(record, WebhookDelivery):
        record = record.webhook
    return record if isinstance(record, Account) else getattr(record, "account", None)
