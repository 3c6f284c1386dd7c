"""What comes of sending to webhooks: written down for many messages at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import structlog
from django.db import transaction

from licensing.clock import database_time
from portal.models import DeliveryState, OffBecause, Webhook, WebhookDelivery
from portal.webhooks import statements, turning_off

logger = structlog.get_logger(__name__)

WAITS = (
    dt.timedelta(seconds=5),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=5),
    dt.timedelta(hours=10),
    dt.timedelta(hours=14),
    dt.timedelta(hours=20),
    dt.timedelta(hours=24),
)
"""After each try but the last; three days in all."""
FIRST_REST, LONGEST_REST = dt.timedelta(seconds=5), dt.timedelta(minutes=5)
GONE = 410
NOT_WRITTEN = "not_written"
"""What a message's trouble is called that could not be written: nothing of its receiver's."""
NOTED = ("id", "state", "settled_at", "due_at", "status", "trouble", "answer", "took")
WELL_AGAIN = {"taken_until": None, "failing_since": None, "failures": 0, "rests_until": None}


class Outcome(NamedTuple):
    """What came of a try: a status and how the answer began, or what went wrong instead."""

    status: int | None
    trouble: str
    answer: str
    took: dt.timedelta

    @property
    def has_arrived(self) -> bool:
        return not self.trouble

    @property
    def is_of_receiver(self) -> bool:
        """Whether it failed where it was to arrive, not before anything was sent."""
        return self.trouble not in ("", NOT_WRITTEN)


type Tried = tuple[WebhookDelivery, Outcome]


def note(tried: Sequence[Tried]) -> None:
    """Write down what came of each, let others serve the webhooks, and turn off what is useless.

    All of it with one commit: it is the disk that takes long.
    """
    write_down(tried)
    for delivery, outcome in tried:
        told = {"webhook": delivery.webhook_id, "delivery": delivery.pk, "tries": delivery.tries}
        if outcome.has_arrived:
            logger.info("webhook_sent", **told)
            continue
        logger.warning("webhook_not_sent", status=outcome.status, trouble=outcome.trouble, **told)
        if outcome.status == GONE:
            turning_off.turn_off(delivery.webhook, OffBecause.GONE)
        elif outcome.is_of_receiver and turning_off.has_failed_for_days(delivery.webhook):
            turning_off.turn_off(delivery.webhook, OffBecause.FAILING)


@transaction.atomic
def write_down(tried: Sequence[Tried]) -> None:
    """Webhooks first, as all do who lock both; what was withdrawn meanwhile stays so."""
    ids = [delivery.webhook_id for delivery, _ in tried]
    hooks = Webhook.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    locked, now = {hook.pk: hook for hook in hooks}, database_time()
    for delivery, outcome in tried:
        settle_or_wait(delivery, outcome, now)
    statements.change(
        statements.NOTE,
        [{name: getattr(delivery, name) for name in NOTED} for delivery, _ in tried],
    )
    well = [delivery.webhook_id for delivery, outcome in tried if outcome.has_arrived]
    Webhook.objects.filter(pk__in=well).update(**WELL_AGAIN)
    ours = [delivery.webhook_id for delivery, outcome in tried if outcome.trouble == NOT_WRITTEN]
    Webhook.objects.filter(pk__in=ours).update(taken_until=None)
    for delivery, outcome in tried:
        if delivery.webhook_id in locked and outcome.is_of_receiver:
            rest(locked[delivery.webhook_id], now)
            delivery.webhook.failing_since = locked[delivery.webhook_id].failing_since


def settle_or_wait(delivery: WebhookDelivery, outcome: Outcome, now: dt.datetime) -> None:
    """It is there, or is tried again later, or never."""
    delivery.status, delivery.trouble = outcome.status, outcome.trouble
    delivery.answer, delivery.took = outcome.answer, outcome.took
    if outcome.has_arrived:
        delivery.state, delivery.settled_at = DeliveryState.SENT, now
    elif delivery.tries > len(WAITS):
        delivery.state, delivery.settled_at = DeliveryState.FAILED, now
    else:
        delivery.due_at = now + WAITS[delivery.tries - 1]


def rest(hook: Webhook, now: dt.datetime) -> None:
    """Let others serve it when it has rested, the longer the more often it failed."""
    wait = min(FIRST_REST * 2 ** min(hook.failures, 10), LONGEST_REST)
    hook.failing_since = hook.failing_since or now
    hook.failures, hook.rests_until, hook.taken_until = hook.failures + 1, now + wait, None
    hook.save(update_fields=list(WELL_AGAIN))
