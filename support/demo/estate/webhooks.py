"""The demo's webhook: what it was told of late, and that its receiver was away for some minutes."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models.functions import Now

from licensing.models import Account, OutboxEvent
from portal.models import Webhook, WebhookKind
from portal.telling import fan_out
from portal.webhooks import catalogue, deliveries, hooks, sending
from portal.webhooks.outcomes import Outcome, note
from support.console.webhooks import AT_FIRST
from support.demo.estate.accounts import BROOK
from support.demo.estate.people import OWNER, SUPERVISOR, actor_of

ADDRESS = "https://hooks.brook.example/licences"
OWN_ADDRESS = "https://crm.vendor.example/licences"
"""Nobody's, ever (RFC 2606), where the demo has no receiver: what is posted there is lost."""
EVENTS = ("key.reissued", "key.revoked", "licence.seats_changed", "session.released")
TOLD = 6
ARRIVED = Outcome(204, "", "", dt.timedelta(milliseconds=84))
AWAY = Outcome(503, "failed", "Down for maintenance", dt.timedelta(milliseconds=2140))


def make() -> None:
    """An owner has one of the account's systems told of what happens from then on."""
    fan_out.tell()  # of all before
    account = Account.objects.get(name=BROOK)
    address = f"{settings.DEMO_RECEIVER}/licences" if settings.DEMO_RECEIVER else ADDRESS
    hook = hooks.keep(account, address, EVENTS, by=actor_of(OWNER))
    Webhook.objects.filter(pk=hook.pk).update(created_at=Now())


def make_own() -> None:
    """A supervisor has the vendor's CRM told of what happens in all accounts from then on."""
    address = f"{settings.DEMO_RECEIVER}/crm" if settings.DEMO_RECEIVER else OWN_ADDRESS
    hooks.keep(None, address, AT_FIRST, by=actor_of(SUPERVISOR))


def tell() -> None:
    """It is told of what happened last, and the newest of that does not arrive."""
    account = Account.objects.get(name=BROOK)
    wanted = [catalogue.act_of(event) for event in EVENTS]
    events = OutboxEvent.objects.filter(account=account, kind__in=wanted).order_by("-pk")[:TOLD]
    deliveries.make(account, list(reversed(events)))
    answer([*[ARRIVED] * (TOLD - 1), AWAY])


def try_again() -> None:
    """What did not arrive is there now."""
    answer([ARRIVED])


def answer(outcomes: list[Outcome]) -> None:
    """Send what waits, with these answers."""
    hook = Webhook.objects.get(account__name=BROOK, kind=WebhookKind.SYSTEM)
    hook.deliveries.waiting().update(due_at=Now())
    for outcome in outcomes:
        note([(delivery, outcome) for delivery in sending.take()])
