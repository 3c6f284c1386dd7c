"""Sending what readers are to be told of alerts: to each of them all that is due, in one message.

A message is kept in the transaction that marks its notices as sent. From there mails and webhooks
are delivered as all others are.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing.audit import Actor
from licensing.models import Account
from portal.alerts import readers, stopping, words
from portal.alerts.events import EVENTS
from portal.alerts.strongest import strongest
from portal.mail import mails, workers
from portal.models import AlertNotice, AlertRule, Membership, User, Webhook, WebhookDelivery
from portal.words.aliases import names_for
from portal.words.names import short_name

logger = structlog.get_logger(__name__)

FIRST_WAIT, LONGEST_WAIT = dt.timedelta(minutes=1), dt.timedelta(hours=1)
MOST_TOLD = 50
"""Alerts in one message."""
OPENED, RESOLVED = "alert.opened", "alert.resolved"
NAMED_IN_QUERY = (
    "alert__account__preferences", "alert__licence", "alert__entry", "rule__licence",
    "webhook", "user",
)  # fmt: skip


def send() -> int:
    """Send all that is due; return how much was tried."""
    total = 0
    while sent := send_next():
        total += sent
    return total


@transaction.atomic
def send_next() -> int:
    """Send what is due to the reader who has waited longest; return how much, 0 if nothing is.

    What cannot be written is put off, and keeps nobody else's waiting.
    """
    due = AlertNotice.objects.due().select_for_update(skip_locked=True, of=["self"])
    first = due.select_related("alert").first()
    if first is None:
        return 0
    together = due.filter(
        alert__account=first.alert.account_id, user=first.user_id, webhook=first.webhook_id,
        failed_tries=0,
    )  # fmt: skip
    of_reader = due.filter(pk=first.pk) if first.failed_tries else together
    notices = list(of_reader.select_related(*NAMED_IN_QUERY)[:MOST_TOLD])
    rows = AlertNotice.objects.filter(pk__in=[notice.pk for notice in notices])
    try:
        with transaction.atomic():
            is_sent = post(notices) if first.webhook_id else mail(notices)
    except Exception:  # whatever it is: others are told
        logger.exception("alert_not_written", notices=[notice.pk for notice in notices])
        put_off(rows, alone=len(notices) == 1, failed_tries=first.failed_tries)
        return len(notices)
    if is_sent:
        rows.update(sent_at=Now())
    else:
        rows.delete()
    return len(notices)


def put_off(rows: QuerySet[AlertNotice], *, alone: bool, failed_tries: int) -> None:
    """Tell of each by itself; of one that was, later, the later the more often it failed."""
    wait = min(FIRST_WAIT * 2 ** min(failed_tries, 10), LONGEST_WAIT) if alone else dt.timedelta()
    rows.update(failed_tries=F("failed_tries") + 1, due_at=Now() + wait)


def mail(notices: Sequence[AlertNotice]) -> bool:
    """Write to a person; False if they are of the account no longer."""
    account, user = notices[0].alert.account, notices[0].user
    members = Membership.objects.active().select_related("user", "account__preferences")
    member = members.filter(account=account, user=user).first()
    if member is None:
        return False
    with mails.read_by(member.user.email, account):
        names = names_for(member)
        told = [
            (words.notice_says(one, names), words.url_of(one.alert)) for one in strongest(notices)
        ]
        context = context_of(account, member.user, [one.rule for one in notices])
        context |= {"told": told, "title": title_of(told, account)}
    write(context, member.user, account)
    return True


def write(context: dict[str, Any], user: User, account: Account) -> None:
    """Write to a person, whose mail program may stop such mails."""
    stop = str(context["stop_url"])
    mails.write("alert", context, to=user.email, account=account, stops_at=stop)


def title_of(told: Sequence[tuple[str, str]], account: Account) -> str:
    """What is the case, or of how many things the message is."""
    if len(told) == 1:
        return told[0][0]
    text = ngettext("%(n)s alert in %(account)s", "%(n)s alerts in %(account)s", len(told))
    return text % {"n": len(told), "account": account}


def context_of(account: Account, user: User, rules: Sequence[AlertRule]) -> dict[str, Any]:
    """What each of these mails says: why one gets it, and how it stops."""
    named = dict.fromkeys(map(words.rule_in_words, rules))
    return {
        "account": account,
        "rules": "; ".join(named),
        "url": settings.BASE_URL + reverse("portal:alerts"),
        "stop_url": stopping.link(user, rules),
    }


def post(notices: Sequence[AlertNotice]) -> bool:
    """Have a webhook told: of each thing by itself, or a channel of people of all at once.

    False if it is off.
    """
    hook = notices[0].webhook
    if hook is None or hook.removed_at or hook.turned_off_at:
        return False
    messages = [strongest(notices)] if hook.is_chat else [[notice] for notice in notices]
    for message in messages:
        event = RESOLVED if all(notice.is_end for notice in message) else OPENED
        delivery = WebhookDelivery.objects.create(webhook=hook, event=event)
        ids = [notice.pk for notice in message]
        AlertNotice.objects.filter(pk__in=ids).update(delivery=delivery)
    call_worker()
    return True


def call_worker() -> None:
    """Have webhooks told when the running transaction is done."""
    task = "portal.tasks.deliver_webhooks"
    transaction.on_commit(functools.partial(workers.call, task), robust=True)


def send_test(rule: AlertRule, *, by: Actor) -> tuple[int, Webhook | None]:
    """Write to everybody who is told by a rule; return how many, and the webhook to test.

    Nobody is written to about what only owners see: they get another mail of that.
    """
    members = [] if EVENTS[rule.event].is_for_owners else readers.members_of(rule)
    for member in members:
        account = rule.account
        with mails.read_by(member.user.email, account):
            context = context_of(account, member.user, [rule])
            context["title"] = _("Test: %s") % words.title_of(rule)
            context |= {"told": [], "asked_by": short_name(by.name)}
        write(context, member.user, account)
    return len(members), rule.webhook
