"""Deliveries: what somebody shall be told is kept, sent by a worker, and tried until it is there.

At least once: a worker that dies between taking and noting leaves a message that another sends
again, with the same id. A request calls ``keep`` and ``withdraw``, and nothing else of this.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import asdict
from typing import NamedTuple

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import Now

from licensing.audit import Actor
from licensing.clock import database_time
from licensing.encryption import SecretLost, decrypt, encrypt
from licensing.history import delete_in_batches
from licensing.models import Account
from portal.mail import failing, transport, workers
from portal.mail.transport import AddressRefused, NotSent, Text
from portal.models import Delivery, DeliveryState, MailFailure, Trouble, User

logger = structlog.get_logger(__name__)

TASK = "portal.tasks.deliver"
TRIED_FOR = dt.timedelta(days=2)
LATE_AFTER = dt.timedelta(minutes=1)
TAKEN_FOR = dt.timedelta(seconds=2 * transport.LONGEST)
SERVER_LEFT_ALONE = dt.timedelta(seconds=30)
"""A server that could not be reached is asked again after so long, however much waits."""
FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = {
    Trouble.UNREACHABLE: dt.timedelta(minutes=5),  # the next mail tells when it is back
    Trouble.DEFERRED: dt.timedelta(hours=1),
    Trouble.NOT_WRITTEN: dt.timedelta(hours=1),
}
RUN_ENDS_AFTER = 120
"""Seconds, after which a worker that still finds something to send lets others have their turn."""


class Tally(NamedTuple):
    """What a run did, and what it left."""

    sent: int
    failed: int
    waiting: int


def keep(
    kind: str,
    text: Text,
    *,
    to: str,
    account: Account | None = None,
    asked_by: User | Actor | None = None,
    valid_until: dt.datetime | None = None,
) -> Delivery:
    """Keep a message in the running transaction; a worker is called when that is done."""
    delivery = Delivery.objects.create(
        kind=kind,
        receiver=to,
        content=encrypt(json.dumps(asdict(text))),
        account=account,
        asked_by=person(asked_by),
        valid_until=valid_until,
    )
    transaction.on_commit(lambda: workers.call(TASK), robust=True)
    return delivery


def person(asked_by: User | Actor | None) -> User | None:
    """Who is told of a failure, if it is somebody who signs in."""
    if isinstance(asked_by, Actor):
        return User.objects.filter(pk=asked_by.id).first() if asked_by.id.isdigit() else None
    return asked_by


def withdraw(*deliveries: Delivery | None) -> None:
    """Nobody needs these any more: what waits is not sent, and of what failed nobody is told."""
    withdrawn = Delivery.objects.filter(pk__in=[each.pk for each in deliveries if each])
    withdrawn.exclude(state=DeliveryState.SENT).update(
        state=DeliveryState.WITHDRAWN, content=b"", settled_at=Now(), taken_until=None
    )


def deliver(*, at_once: bool = False) -> Tally:
    """Send what is due until nothing is, or nothing can be sent.

    ``at_once`` is for a person who waits: everything that waits is tried once, whatever
    was noted before of it or of the server.
    """
    if at_once:
        Delivery.objects.free().update(due_at=Now())
    sent, failed = 0, give_up()
    ends_at = time.monotonic() + RUN_ENDS_AFTER
    while time.monotonic() < ends_at and (at_once or not is_server_left_alone()):
        delivery = take()
        if delivery is None:
            break
        trouble = carry_out(delivery)
        sent += trouble is None
        failed += trouble in (Trouble.REFUSED, Trouble.UNREADABLE)
        if trouble == Trouble.UNREACHABLE:
            break
    return Tally(sent, failed, Delivery.objects.waiting().count())


def give_up() -> int:
    """Settle what can no longer be sent in time, or failed at every try; return how many."""
    return Delivery.objects.overdue(tried_for=TRIED_FOR).update(
        trouble=Case(
            When(valid_until__lte=Now(), then=Value(Trouble.TOO_LATE)),
            When(trouble="", then=Value(Trouble.TOO_LATE)),
            default=F("trouble"),
        ),
        state=DeliveryState.FAILED,
        content=b"",
        settled_at=Now(),
        taken_until=None,
    )


def is_server_left_alone() -> bool:
    """Whether the server could not be reached a moment ago."""
    a_moment_ago = Now() - SERVER_LEFT_ALONE
    unreachable = Delivery.objects.waiting().filter(trouble=Trouble.UNREACHABLE)
    return unreachable.filter(tried_at__gt=a_moment_ago).exists()


@transaction.atomic
def take() -> Delivery | None:
    """The next that is due, this worker's until it settles it or has been away for a minute."""
    due = Delivery.objects.due().select_for_update(skip_locked=True).first()
    if due is None:
        return None
    due.tries += 1
    due.tried_at = database_time()
    due.taken_until = due.tried_at + TAKEN_FOR
    due.save(update_fields=["tries", "tried_at", "taken_until"])
    return due


def carry_out(delivery: Delivery) -> Trouble | None:
    """Send what was taken and note what came of it, which is returned; None when it was sent."""
    told = {"delivery": delivery.pk, "kind": delivery.kind, "tries": delivery.tries}
    try:
        text = Text(**json.loads(decrypt(bytes(delivery.content))))
        mail = transport.compose(text, to=delivery.receiver, message_id=delivery.message_id)
        transport.send(mail)
    except NotSent as error:
        note(delivery, error.trouble)
        if isinstance(error, AddressRefused):
            failing.note(delivery.receiver, MailFailure.REFUSED)
        logger.warning("mail_not_sent", trouble=str(error.trouble), error=str(error), **told)
        return error.trouble
    except SecretLost:
        settle(delivery, DeliveryState.FAILED, Trouble.UNREADABLE)
        logger.error("mail_not_sent", trouble=str(Trouble.UNREADABLE), **told)
        return Trouble.UNREADABLE
    except Exception:  # whatever it is: the others of the same run do not wait for it
        note(delivery, Trouble.NOT_WRITTEN)
        logger.exception("mail_not_sent", trouble=str(Trouble.NOT_WRITTEN), **told)
        return Trouble.NOT_WRITTEN
    settle(delivery, DeliveryState.SENT)
    failing.taken(delivery.receiver)
    logger.info("mail_sent", **told)
    return None


def note(delivery: Delivery, trouble: Trouble) -> None:
    """Try again later, the later the more often it was tried; or never, if it was refused."""
    if trouble == Trouble.REFUSED:
        settle(delivery, DeliveryState.FAILED, trouble)
        return
    wait = min(FIRST_WAIT * 2 ** min(delivery.tries - 1, 10), LONGEST_WAIT[trouble])
    waiting = Delivery.objects.waiting().filter(pk=delivery.pk)
    waiting.update(trouble=trouble, due_at=Now() + wait, taken_until=None)


def settle(delivery: Delivery, state: DeliveryState, trouble: Trouble | None = None) -> None:
    """It is done with, for good; its content is gone."""
    Delivery.objects.waiting().filter(pk=delivery.pk).update(
        state=state, trouble=trouble or "", content=b"", settled_at=Now(), taken_until=None
    )


class Standing(NamedTuple):
    """How delivery stands: how many wait that should be gone, or for the server, or failed."""

    late: int
    unreachable: int
    failed: int


def standing() -> Standing:
    """How many wait untried for a minute, wait for the server, or failed in 24 hours."""
    waiting, failed = Q(state=DeliveryState.WAITING), Q(state=DeliveryState.FAILED)
    late = Q(trouble="", created_at__lt=Now() - LATE_AFTER)
    lately = Q(settled_at__gt=Now() - dt.timedelta(days=1))
    found = Delivery.objects.order_by().filter(waiting | failed & lately)
    return Standing(
        **found.aggregate(
            late=Count("pk", filter=waiting & late),
            unreachable=Count("pk", filter=waiting & Q(trouble=Trouble.UNREACHABLE)),
            failed=Count("pk", filter=failed),
        )
    )


def oldest_untried() -> dt.timedelta:
    """How long the oldest mail has waited to be tried at all; nothing if none does."""
    oldest = Delivery.objects.waiting().filter(trouble="").order_by("created_at").first()
    return database_time() - oldest.created_at if oldest else dt.timedelta()


def prune() -> int:
    """Delete what was settled long enough ago; return how many."""
    oldest = Now() - dt.timedelta(days=settings.KEEP_MAILS_DAYS)
    return delete_in_batches(Delivery.objects.filter(settled_at__lt=oldest))
