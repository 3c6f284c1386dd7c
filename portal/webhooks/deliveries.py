"""What webhooks are told: rows made with the events, kept for a while, sent again by hand."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from licensing.audit import Actor
from licensing.clock import database_time
from licensing.history import delete_in_batches
from licensing.models import Account, OutboxEvent
from portal.mail import workers
from portal.models import DeliveryState, Webhook, WebhookDelivery
from portal.webhooks import catalogue

TASK = "portal.tasks.deliver_webhooks"
KEPT_FOR = dt.timedelta(days=30)
NOT_ARRIVED = (DeliveryState.FAILED, DeliveryState.WITHDRAWN)


def make(account: Account, events: Sequence[OutboxEvent]) -> int:
    """Have each webhook of the account told of the events that it wants; return of how many.

    In the transaction that marks the events as told, so that each is made once.
    """
    hooks = list(Webhook.objects.on().filter(account=account))
    named = [(event.entry_id, catalogue.name_of(event.kind)) for event in events]
    made = [
        WebhookDelivery(webhook=hook, entry_id=entry, event=name)
        for entry, name in named
        for hook in hooks
        if name and hook.wants(name)
    ]
    WebhookDelivery.objects.bulk_create(made)
    if made:
        call_worker()
    return len(made)


def call_worker() -> None:
    """Have what is due sent when the running transaction is done."""
    transaction.on_commit(functools.partial(workers.call, TASK), robust=True)


def send_test(webhook: Webhook, *, by: Actor) -> WebhookDelivery:
    """Send a test, however the webhook stands."""
    test = WebhookDelivery.objects.create(
        webhook=webhook, event=catalogue.TEST, is_by_hand=True, asked_by=by.name
    )
    call_worker()
    return test


def send_again(delivery: WebhookDelivery, *, by: Actor) -> bool:
    """Send the same message again, under its id; False if it is on its way already."""
    ended = WebhookDelivery.objects.exclude(state=DeliveryState.WAITING).filter(pk=delivery.pk)
    is_begun = ended.update(**AFRESH, is_by_hand=True, asked_by=by.name)
    call_worker()
    return bool(is_begun)


def send_all_again(webhook: Webhook) -> int:
    """Send what did not arrive, in the order in which it happened; return how many."""
    again = webhook.deliveries.filter(state__in=NOT_ARRIVED).update(**AFRESH)
    if again:
        call_worker()
    return again


AFRESH = {
    "state": DeliveryState.WAITING,
    "due_at": Now(),
    "tries": 0,
    "settled_at": None,
}
"""A message as if it were new."""


def withdraw_all(webhook: Webhook) -> int:
    """Send nothing of what waits; return how much that was."""
    return webhook.deliveries.waiting().update(
        state=DeliveryState.WITHDRAWN, settled_at=Now(), is_by_hand=False
    )


def oldest_due() -> dt.timedelta:
    """How long the oldest message has been due that a webhook could be told of; nothing if none.

    A webhook that fails has its messages later, and keeps nobody else's.
    """
    well = Q(webhook__in=Webhook.objects.on().filter(failing_since=None))
    oldest = WebhookDelivery.objects.waiting().filter(well, tries=0).order_by("due_at").first()
    return database_time() - oldest.due_at if oldest else dt.timedelta()


def prune() -> int:
    """Delete what was settled 30 days ago, and webhooks that were removed; return how many."""
    over = Q(settled_at__lt=Now() - KEPT_FOR) | Q(webhook__removed_at__isnull=False)
    pruned = delete_in_batches(WebhookDelivery.objects.filter(over))
    return pruned + delete_in_batches(Webhook.objects.filter(removed_at__isnull=False))
