"""Webhooks for tests, and what happens in their account."""

from __future__ import annotations

from django.db.models.functions import Now

from licensing import licences
from portal.models import Webhook, WebhookDelivery
from portal.telling import fan_out
from portal.webhooks import sending
from tests.factories import TESTER, make_webhook


def make_hook(account, address, *events):
    """A webhook whose making nobody is told of."""
    hook = make_webhook(account, *(events or ["licence.renamed"]), address=address)
    fan_out.tell()
    WebhookDelivery.objects.all().delete()
    return hook


def rename(licence, times=1):
    """Something that is told, so many times."""
    for number in range(times):
        licences.rename(licence, f"Planners {number}", by=TESTER)
    fan_out.tell()


def deliver_later():
    """Send what waits, as if the wait were over."""
    WebhookDelivery.objects.waiting().update(due_at=Now())
    Webhook.objects.update(rests_until=None)
    return sending.deliver()
