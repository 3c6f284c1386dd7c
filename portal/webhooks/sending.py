"""Sending what webhooks are told: many webhooks at once, to each one after the other.

At least once: a worker that dies between sending and noting leaves a message that another sends
again, with the same id. Threads wait for receivers; all that concerns the database happens in the
one that asked for it.
"""

from __future__ import annotations

import datetime as dt
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import NamedTuple

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from licensing.clock import database_time
from licensing.encryption import SecretLost
from portal.mail.deliveries import Tally
from portal.models import DeliveryState, OffBecause, Webhook, WebhookDelivery
from portal.outbound import posting
from portal.outbound.unanswered import Cause, Unanswered
from portal.webhooks import documents, hooks, signing, turning_off

logger = structlog.get_logger(__name__)

AT_ONCE = 16
"""Webhooks that a worker serves at the same time."""
TAKEN_FOR = dt.timedelta(seconds=3 * posting.LONGEST)
LOOKS_EVERY = 0.5
"""Seconds, while it waits for some, after which a worker looks whether others are due."""
RUN_ENDS_AFTER = 5
"""Seconds, after which a worker lets others have their turn; while it waits for somebody who is
slow to answer it goes on with the others."""
LONGEST_RUN = 120
"""Seconds, if a person waits for it."""
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
MOST_KEPT = 1000
"""Characters of an answer that its page shows."""
GONE = 410
LOST = "secret_lost"


@dataclass(frozen=True)
class Letter:
    """A message, ready to be posted."""

    delivery: WebhookDelivery
    address: str
    body: bytes
    headers: dict[str, str]


class Outcome(NamedTuple):
    """What came of a try: a status and how the answer began, or what went wrong instead."""

    status: int | None
    trouble: str
    answer: str
    took: dt.timedelta

    @property
    def has_arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def deliver(*, at_once: bool = False) -> Tally:
    """Send what is due until nothing is, or others should have their turn.

    ``at_once`` is for a person who waits: everything that waits is tried,
    whatever was noted before.
    """
    if at_once:
        WebhookDelivery.objects.waiting().update(due_at=Now())
        Webhook.objects.kept().update(rests_until=None)
    ends_at = time.monotonic() + (LONGEST_RUN if at_once else RUN_ENDS_AFTER)
    arrived = failed = 0
    under_way: dict[Future[Outcome], WebhookDelivery] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhooks") as threads:
        while begin(threads, under_way, ends_at) or under_way:
            done, _rest = wait(under_way, LOOKS_EVERY, return_when=FIRST_COMPLETED)
            for future in done:
                delivery, outcome = under_way.pop(future), future.result()
                note(delivery, outcome)
                arrived += outcome.has_arrived
                failed += delivery.state == DeliveryState.FAILED
    return Tally(arrived, failed, WebhookDelivery.objects.waiting().count())


def begin(
    threads: ThreadPoolExecutor, under_way: dict[Future[Outcome], WebhookDelivery], ends_at: float
) -> int:
    """Begin to send as many as there are threads for; return how many."""
    begun = 0
    latest = ends_at + posting.LONGEST if under_way else ends_at
    while len(under_way) < AT_ONCE and time.monotonic() < latest and (delivery := take()):
        begun += 1
        try:
            letter = letter_of(delivery)
        except SecretLost:
            note(delivery, Outcome(None, LOST, "", dt.timedelta()))
            continue
        under_way[threads.submit(post, letter)] = delivery
    return begun


@transaction.atomic
def take() -> WebhookDelivery | None:
    """The next message that is due; its webhook is this worker's until that is noted."""
    hook = Webhook.objects.to_serve().select_for_update(skip_locked=True, of=["self"]).first()
    if hook is None:
        return None
    now = database_time()
    is_ready = not hook.turned_off_at and (not hook.rests_until or hook.rests_until <= now)
    due = hook.deliveries.due() if is_ready else hook.deliveries.due().filter(is_by_hand=True)
    delivery = due.select_related("entry", "webhook__account__preferences").first()
    if delivery is None:  # another worker has just sent it
        return None
    Webhook.objects.filter(pk=hook.pk).update(taken_until=now + TAKEN_FOR, served_at=now)
    delivery.tries, delivery.tried_at = delivery.tries + 1, now
    delivery.body = documents.body_of(delivery)
    delivery.save(update_fields=["tries", "tried_at", "body"])
    return delivery


def letter_of(delivery: WebhookDelivery) -> Letter:
    """The message with its signatures of this moment. Raise SecretLost."""
    hook, body = delivery.webhook, delivery.body.encode()
    now = delivery.tried_at or database_time()
    headers = signing.headers(
        delivery.message_id, body, at=int(now.timestamp()), secrets=hooks.secrets_of(hook, now)
    )
    headers["User-Agent"] = f"{settings.BRAND_NAME} Webhooks".encode("ascii", "replace").decode()
    return Letter(delivery, hook.address, body, headers)


def post(letter: Letter) -> Outcome:
    """Send it, in a thread; whatever happens is an outcome."""
    began_at = time.monotonic()
    try:
        answer = posting.post(letter.address, letter.body, letter.headers)
    except Unanswered as unanswered:
        return Outcome(None, unanswered.cause.name.lower(), "", since(began_at))
    trouble = trouble_of(answer.status)
    text = answer.start.decode(errors="replace").replace("\0", "�")[:MOST_KEPT]
    return Outcome(answer.status, trouble, text, since(began_at))


def since(began_at: float) -> dt.timedelta:
    """How long it took."""
    return dt.timedelta(seconds=round(time.monotonic() - began_at, 3))


def trouble_of(status: int) -> str:
    """What a status means, empty if all is well."""
    if 200 <= status < 300:
        return ""
    return (Cause.REDIRECTED if 300 <= status < 400 else Cause.FAILED).name.lower()


def note(delivery: WebhookDelivery, outcome: Outcome) -> None:
    """Write down what came of it, let others serve the webhook, or turn it off if it is useless."""
    delivery.status, delivery.trouble = outcome.status, outcome.trouble
    delivery.answer, delivery.took = outcome.answer, outcome.took
    with transaction.atomic():
        settle_or_wait(delivery, has_arrived=outcome.has_arrived)
        give_back(delivery.webhook, has_arrived=outcome.has_arrived)
    told = {"webhook": delivery.webhook_id, "delivery": delivery.pk, "tries": delivery.tries}
    if outcome.has_arrived:
        logger.info("webhook_sent", **told)
        return
    logger.warning("webhook_not_sent", status=outcome.status, trouble=outcome.trouble, **told)
    if outcome.status == GONE:
        turning_off.turn_off(delivery.webhook, OffBecause.GONE)
    elif turning_off.has_failed_for_days(delivery.webhook):
        turning_off.turn_off(delivery.webhook, OffBecause.FAILING)


def settle_or_wait(delivery: WebhookDelivery, *, has_arrived: bool) -> None:
    """It is there, or is tried again later, or never; what was withdrawn meanwhile stays so."""
    now = database_time()
    is_last = delivery.tries > len(WAITS)
    if has_arrived:
        delivery.state, delivery.settled_at = DeliveryState.SENT, now
    elif is_last:
        delivery.state, delivery.settled_at = DeliveryState.FAILED, now
    else:
        delivery.due_at = now + WAITS[delivery.tries - 1]
    names = ("state", "settled_at", "due_at", "status", "trouble", "answer", "took")
    changed = {name: getattr(delivery, name) for name in names}
    WebhookDelivery.objects.waiting().filter(pk=delivery.pk).update(**changed)


def give_back(hook: Webhook, *, has_arrived: bool) -> None:
    """Let others serve it, at once if all is well, else when it has rested."""
    row = Webhook.objects.filter(pk=hook.pk)
    if has_arrived:
        row.update(taken_until=None, failing_since=None, failures=0, rests_until=None)
        return
    locked = row.select_for_update().first()
    if locked is None:
        return
    now = database_time()
    rest = min(FIRST_REST * 2 ** min(locked.failures, 10), LONGEST_REST)
    hook.failing_since = locked.failing_since or now
    row.update(
        taken_until=None,
        failing_since=hook.failing_since,
        failures=locked.failures + 1,
        rests_until=now + rest,
    )
