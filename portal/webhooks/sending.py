"""Sending what webhooks are told: many webhooks at once, to each one after the other.

At least once: a worker that dies between sending and noting leaves messages that another sends
again, with the same ids, one for each webhook at most. Threads wait for receivers; all that
concerns the database happens in the one that asked for it, for many messages together.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, NamedTuple

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from licensing.clock import database_time
from licensing.encryption import SecretLost
from portal.mail.deliveries import Tally
from portal.models import DeliveryState, Webhook, WebhookDelivery
from portal.outbound import posting
from portal.outbound.unanswered import Cause, Unanswered
from portal.webhooks import documents, hooks, signing, statements
from portal.webhooks.outcomes import NOT_WRITTEN, Outcome, Tried, note

logger = structlog.get_logger(__name__)

AT_ONCE = 16
"""Webhooks that a worker serves at the same time, without those that are slow to answer."""
SLOW_AFTER = 1.0
"""Seconds, after which somebody who has not answered takes up nobody else's room."""
MOST_AT_ONCE = 64
"""The slow ones with them."""
TAKEN_FOR = dt.timedelta(seconds=3 * posting.LONGEST)
LOOKS_EVERY = 0.5
"""Seconds, while it waits for some, after which a worker looks whether others are due."""
GATHERS_FOR = 0.02
"""Seconds that a worker waits for others when one has answered: what is noted together is cheap."""
RUN_ENDS_AFTER = 5
"""Seconds, after which a worker lets others have their turn; while it waits for somebody who is
slow to answer it goes on with those at which nothing fails."""
LONGEST_RUN = 120
"""Seconds, if a person waits for it."""
MOST_KEPT = 1000
"""Characters of an answer that its page shows."""
LOST = "secret_lost"
TRIED = ("id", "tries", "tried_at", "body")


@dataclass(frozen=True)
class Letter:
    """A message, ready to be posted."""

    delivery: WebhookDelivery
    address: str
    body: bytes
    headers: dict[str, str]


class Posting(NamedTuple):
    """A message that a thread is posting, and since when."""

    delivery: WebhookDelivery
    began_at: float

    @property
    def is_slow(self) -> bool:
        return time.monotonic() - self.began_at > SLOW_AFTER


type UnderWay = dict[Future[Outcome], Posting]


def deliver(*, at_once: bool = False) -> Tally:
    """Send what is due until nothing is, or others should have their turn.

    ``at_once`` is for a person who waits: everything that waits is tried,
    whatever was noted before, but nothing at a receiver that has failed meanwhile.
    """
    began_at = database_time() if at_once else None
    if at_once:
        WebhookDelivery.objects.waiting().update(due_at=Now())
        Webhook.objects.kept().update(rests_until=None)
    ends_at = time.monotonic() + (LONGEST_RUN if at_once else RUN_ENDS_AFTER)
    arrived = failed = 0
    under_way: UnderWay = {}
    with ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="webhooks") as threads:
        while begin(threads, under_way, ends_at, began_at) or under_way:
            if tried := ended(under_way):
                note(tried)
            arrived += sum(outcome.has_arrived for _, outcome in tried)
            failed += sum(delivery.state == DeliveryState.FAILED for delivery, _ in tried)
    return Tally(arrived, failed, WebhookDelivery.objects.waiting().count())


def ended(under_way: UnderWay) -> list[Tried]:
    """What came of those that are over, when the first is and others had a moment for it."""
    wait(under_way, LOOKS_EVERY, return_when=FIRST_COMPLETED)
    prompt = [future for future, one in under_way.items() if not one.is_slow]
    wait(prompt, GATHERS_FOR, return_when=ALL_COMPLETED)
    over = [future for future in under_way if future.done()]
    return [(under_way.pop(future).delivery, future.result()) for future in over]


def begin(
    threads: ThreadPoolExecutor,
    under_way: UnderWay,
    ends_at: float,
    once_since: dt.datetime | None = None,
) -> int:
    """Begin to send as many as there is room for; return how many.

    When the run is over and somebody is slow to answer, only to those at which nothing fails: so
    it ends when the slow ones have had their time. ``once_since`` is as ``take`` has it.
    """
    over_for = time.monotonic() - ends_at
    if over_for >= (posting.LONGEST if under_way else 0):
        return 0
    taken = take(room_beside(under_way), only_well=over_for >= 0, once_since=once_since)
    for letter in letters_of(taken):
        under_way[threads.submit(post, letter)] = Posting(letter.delivery, time.monotonic())
    return len(taken)


def room_beside(under_way: UnderWay) -> int:
    """For how many there is room: whoever is slow takes up nobody else's."""
    prompt = sum(not one.is_slow for one in under_way.values())
    return min(AT_ONCE - prompt, MOST_AT_ONCE - len(under_way))


@transaction.atomic
def take(
    most: int = 1, *, only_well: bool = False, once_since: dt.datetime | None = None
) -> list[WebhookDelivery]:
    """The next messages that are due, each of another webhook, which is this worker's until noted.

    None of those that were served after ``once_since`` and fail.
    Events that are handed over meanwhile wait for none of these locks.
    """
    wanted = Webhook.objects.to_serve()
    if only_well:
        wanted = wanted.filter(failing_since=None)
    if once_since:
        wanted = wanted.exclude(failing_since__isnull=False, served_at__gte=once_since)
    free: QuerySet[Any] = wanted.select_for_update(skip_locked=True, no_key=True)
    chosen = list(free.values_list("next_due", flat=True)[:most])
    if not chosen:
        return []
    now = database_time()
    due = WebhookDelivery.objects.due().filter(pk__in=chosen)  # another worker has sent the others
    taken = list(due.select_related("entry__account", "webhook__account__preferences"))
    served = Webhook.objects.filter(pk__in=[delivery.webhook_id for delivery in taken])
    served.update(taken_until=now + TAKEN_FOR, served_at=now)
    for delivery in taken:
        delivery.tries, delivery.tried_at = delivery.tries + 1, now
        delivery.body = written(delivery)
    statements.change(
        statements.TRY, [{name: getattr(one, name) for name in TRIED} for one in taken]
    )
    return taken


def written(delivery: WebhookDelivery) -> str:
    """What it says now; empty if that cannot be written, which is in the log."""
    try:
        return documents.body_of(delivery)
    except Exception:  # whatever it is: the others of the same take do not wait for it
        logger.exception("webhook_not_written", delivery=delivery.pk, tries=delivery.tries)
        return ""


def letters_of(taken: Iterable[WebhookDelivery]) -> list[Letter]:
    """The messages, ready to be posted; of others it is noted that nothing could be sent."""
    letters, unsent = [], []
    for delivery in taken:
        try:
            letter = letter_of(delivery)
        except SecretLost:
            unsent.append((delivery, Outcome(None, LOST, "", dt.timedelta())))
            continue
        if delivery.body:
            letters.append(letter)
        else:
            unsent.append((delivery, Outcome(None, NOT_WRITTEN, "", dt.timedelta())))
    if unsent:
        note(unsent)
    return letters


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
