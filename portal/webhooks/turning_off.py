"""Webhooks that are of no use any more: turned off by themselves, and who keeps them told."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.urls import reverse

from licensing.audit import SYSTEM
from licensing.clock import database_time
from portal.mail import mails
from portal.models import OffBecause, Webhook
from portal.webhooks import hooks

KEEP = "support.webhook_keep"
"""The right to keep the vendor's own."""
FAILS_FOR = dt.timedelta(days=3)


def has_failed_for_days(webhook: Webhook) -> bool:
    """Whether nothing has arrived there for so long that nobody seems to wait for it."""
    since = webhook.failing_since
    return since is not None and database_time() - since >= FAILS_FOR


@transaction.atomic
def turn_off(webhook: Webhook, because: OffBecause) -> None:
    """Turn it off and mail those who keep it, if nobody has done so before."""
    if not hooks.turn_off(webhook, by=SYSTEM, because=because):
        return
    webhook.refresh_from_db()
    context = {"webhook": webhook, "url": settings.BASE_URL + address_of(webhook)}
    for email in kept_by(webhook):
        mails.write("webhook_off", context, to=email, account=webhook.account)


def kept_by(webhook: Webhook) -> list[str]:
    """The addresses of the account's owners; of staff who keep the vendor's own."""
    if webhook.account is None:
        staff = ModelBackend().with_perm(KEEP, include_superusers=False)
        return list(staff.order_by("pk").values_list("email", flat=True))
    return list(webhook.account.memberships.owners().values_list("user__email", flat=True))


def address_of(webhook: Webhook) -> str:
    """Its page."""
    page = "portal:webhook" if webhook.account else "support:own_webhook"
    return reverse(page, args=[webhook.pk])
