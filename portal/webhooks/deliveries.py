"""What webhooks are told: rows made with the events, kept for a while, sent again by hand."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from licensing.audit import Actor
from licensing.clock import database_time
from licensing.history import delete_in_batches
from licensing.models import Account, OutboxEvent
from portal.mail import workers
from portal.models import DeliveryState, Webhook, WebhookDelivery
from portal.webhooks import catalogue, records

TASK = "portal.tasks.deliver_webhooks"
SENT_AGAIN = "webhook_sent_again"
NOT_ARRIVED = (DeliveryState.FAILED, DeliveryState.WITHDRAWN)


def make(account: Account, events: Sequence[OutboxEvent]) -> int:
    """Have each webhook of the account, and of the vendor, told of the events that it wants; return
    of how many.

    In the transaction that marks the events as told, so that each is made once.
    """
    hooks = list(Webhook.objects.on().filter(Q(account=account) | Q(account=None)))
    named = [(event.entry_id, catalogue.name_of(event.kind)) for event in events]
    made = [
        WebhookDelivery(webhook=hook, entry_id=entry, event=name)
        for entry, name in named
        for hook in hooks
        if name and wants(hook, name)
    ]
    WebhookDelivery.objects.bulk_create(made)
    return len(made)


def wants(hook: Webhook, name: str) -> bool:
    """Whether it is told of the event: it wants that, or one of those in whose place it is told."""
    return any(map(hook.wants, (name, *catalogue.PARTS_OF.get(name, ()))))


def call_worker() -> None:
    """Have what is due sent when the running transaction is done."""
    transaction.on_commit(functools.partial(workers.call, TASK), robust=True)


@transaction.atomic
def send_test(webhook: Webhook, *, by: Actor, reason: str = "") -> WebhookDelivery:
    """Send a test, however the webhook stands; that is recorded."""
    records.note(webhook, "webhook_tested", by=by, reason=reason)
    test = WebhookDelivery.objects.create(
        webhook=webhook, event=catalogue.TEST, is_by_hand=True, asked_by=by.name
    )
    call_worker()
    return test


@transaction.atomic
def send_again(delivery: WebhookDelivery, *, by: Actor, reason: str = "") -> bool:
    """Send the same message again, under its id; False if it is on its way already."""
    records.lock_account_of(delivery.webhook)
    ended = WebhookDelivery.objects.exclude(state=DeliveryState.WAITING).filter(pk=delivery.pk)
    is_begun = ended.update(**AFRESH, is_by_hand=True, asked_by=by.name)
    if is_begun:
        records.note(delivery.webhook, SENT_AGAIN, by=by, reason=reason, messages=1)
        call_worker()
    return bool(is_begun)


@transaction.atomic
def send_missing_again(webhook: Webhook, *, by: Actor, reason: str) -> int:
    """Send at once what failed for good and what waits for its next try; return how many.

    What was withdrawn stays so: whoever turned the webhook on decided that.
    """
    records.lock_account_of(webhook)
    Webhook.objects.select_for_update(no_key=True).filter(pk=webhook.pk).first()  # before its rows
    again = missing(webhook).update(**AFRESH)
    if again:
        Webhook.objects.filter(pk=webhook.pk).update(rests_until=None)
        records.note(webhook, SENT_AGAIN, by=by, reason=reason, messages=again)
        call_worker()
    return again


def missing(webhook: Webhook) -> QuerySet[WebhookDelivery]:
    """What was tried and is not there."""
    tried = Q(state=DeliveryState.FAILED) | Q(state=DeliveryState.WAITING, tries__gt=0)
    return webhook.deliveries.filter(tried)


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
    oldest = untried().order_by("due_at").first()
    return database_time() - oldest.due_at if oldest else dt.timedelta()


def untried() -> QuerySet[WebhookDelivery]:
    """What waits for its first try at webhooks at which nothing fails."""
    well = Q(webhook__in=Webhook.objects.on().filter(failing_since=None))
    return WebhookDelivery.objects.waiting().filter(well, tries=0)


def prune() -> int:
    """Delete what was settled long enough ago, and webhooks that were removed; return how many."""
    oldest = Now() - dt.timedelta(days=settings.KEEP_MESSAGES_DAYS)
    over = Q(settled_at__lt=oldest) | Q(webhook__removed_at__isnull=False)
    pruned = delete_in_batches(WebhookDelivery.objects.filter(over))
    return pruned + delete_in_batches(Webhook.objects.filter(removed_at__isnull=False))
