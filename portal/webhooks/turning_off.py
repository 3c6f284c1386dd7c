"""Webhooks that are of no use any more: turned off by themselves, and their owners told."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from licensing.audit import SYSTEM
from licensing.clock import database_time
from portal.mail import mails
from portal.models import OffBecause, Webhook
from portal.webhooks import hooks

FAILS_FOR = dt.timedelta(days=3)


def has_failed_for_days(webhook: Webhook) -> bool:
    """Whether nothing has arrived there for so long that nobody seems to wait for it."""
    since = webhook.failing_since
    return since is not None and database_time() - since >= FAILS_FOR


@transaction.atomic
def turn_off(webhook: Webhook, because: OffBecause) -> None:
    """Turn it off and mail the account's owners, if nobody has done so before.

    Of the vendor's own the console's first page tells.
    """
    if not hooks.turn_off(webhook, by=SYSTEM, because=because) or webhook.account is None:
        return
    webhook.refresh_from_db()
    context = {"webhook": webhook, "url": settings.BASE_URL + address_of(webhook)}
    owners = webhook.account.memberships.owners()
    for email in owners.values_list("user__email", flat=True):
        mails.write("webhook_off", context, to=email, account=webhook.account)


def address_of(webhook: Webhook) -> str:
    """Its page."""
    return reverse("portal:webhook", args=[webhook.pk])
