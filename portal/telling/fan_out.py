"""The fan-out of the outbox: each event, in its account's order, to all who are told of it.

Whoever is to be told has a function in ``RECEIVERS``, which writes down, in the transaction that
marks the events as told, what is to be sent; sending is its own affair. So a worker that dies in
the midst of it loses nothing and tells nothing twice.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Now

from licensing.clock import database_time
from licensing.history import delete_in_batches
from licensing.models import Account, OutboxEvent
from portal.alerts import incidents
from portal.people import vendor_deeds
from portal.webhooks import deliveries

logger = structlog.get_logger(__name__)

type Receiver = Callable[[Account, Sequence[OutboxEvent]], int]

RECEIVERS: dict[str, Receiver] = {
    "vendor_deeds": vendor_deeds.tell,
    "webhooks": deliveries.make,
    "alerts": incidents.receive,
}
"""What each is called in the log; the function returns how much it wrote."""
BATCH = 500
MOST_BATCHES = 100


def tell() -> Counter[str]:
    """Hand over what happened since the last time; return how much each receiver wrote.

    Webhooks are told at once: a worker is called, once however many accounts there are. An
    account of whose events somebody cannot be told has them kept, in their order, for the next
    time.
    """
    written: Counter[str] = Counter()
    stuck: set[int] = set()
    for _ in range(MOST_BATCHES):
        told = tell_batch(stuck)
        if told is None:
            break
        written += told
    if written["webhooks"]:
        deliveries.call_worker()
    return written


@transaction.atomic
def tell_batch(stuck: set[int]) -> Counter[str] | None:
    """What was written of one account's next events; None if there are none that are free.

    The oldest event that an account has to tell is locked: whoever holds it tells all of them.
    An account of which nothing could be told joins those that are ``stuck``, and left alone.
    """
    free = heads().exclude(account__in=stuck)
    head = free.select_for_update(skip_locked=True, of=["self"]).first()
    if head is None:
        return None
    try:
        return hand_over(head.account_id)
    except Exception:  # whatever it is: other accounts are told
        logger.exception("events_not_told", account=head.account_id)
        stuck.add(head.account_id)
        return Counter()


@transaction.atomic
def hand_over(account_id: int) -> Counter[str]:
    """Have all told of an account's next events; return how much each receiver wrote."""
    pending = OutboxEvent.objects.pending().filter(account=account_id)
    events = list(pending.select_related("entry")[:BATCH])
    account = Account.objects.select_related("preferences").get(pk=account_id)
    OutboxEvent.objects.filter(pk__in=[event.pk for event in events]).update(delivered_at=Now())
    return Counter({name: receive(account, events) for name, receive in RECEIVERS.items()})


def heads() -> QuerySet[OutboxEvent]:
    """The oldest event of each account that has any to tell."""
    of_account = OutboxEvent.objects.pending().filter(account=OuterRef("account"))
    return OutboxEvent.objects.pending().filter(pk=Subquery(of_account.values("pk")[:1]))


def oldest_waiting() -> dt.timedelta:
    """How long the oldest event has waited to be handed over; nothing if none does."""
    oldest = OutboxEvent.objects.pending().first()
    return database_time() - oldest.created_at if oldest else dt.timedelta()


def prune() -> int:
    """Delete events that were handed over long enough ago; return how many."""
    oldest = Now() - dt.timedelta(days=settings.KEEP_EVENTS_DAYS)
    return delete_in_batches(OutboxEvent.objects.filter(delivered_at__lt=oldest))
