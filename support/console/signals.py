"""Today's signals on the first page: what fails or waits at some customer, before they call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, Min, Model, Q, QuerySet, Value, When
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from licensing.models import OutboxEvent
from portal.mail import failing
from portal.models import Delivery, Membership, OffBecause, Role, Webhook, WebhookDelivery
from portal.telling.standing import LATE_AFTER
from portal.webhooks import deliveries
from support.console import offers, tables
from support.console.offers import Link, Person
from support.console.raw import raw_list, raw_page
from support.console.table import may_see
from support.console.tables import page_of
from support.words import number_of

MOST_OF_A_KIND = 8
LATELY = dt.timedelta(days=7)
"""For so long what failed for good is a signal of today, if nobody did anything about it."""


@dataclass(frozen=True)
class Signal:
    """One sentence, the record or list behind it, and what may be done about it at once."""

    words: str
    address: str
    acts: list[Link] = field(default_factory=list)


def signals(user: Person) -> list[Signal]:
    """All of today, as far as this person sees the tables that they are about."""
    kinds: dict[type[Model], Callable[[], Iterator[Signal]]] = {
        Webhook: lambda: failing_webhooks(user),
        WebhookDelivery: messages,
        Membership: people_not_reached,
        Delivery: mails,
        OutboxEvent: events,
    }
    seen = [kind for kind in kinds if may_see(user, kind)]
    return [signal for kind in seen for signal in kinds[kind]()]


def failing_webhooks(user: Person) -> Iterator[Signal]:
    """Webhooks at which nothing arrives, and those that were turned off for it lately."""
    off = Q(off_because__in=[OffBecause.GONE, OffBecause.FAILING], turned_off_at__gt=Now() - LATELY)
    fails = Q(turned_off_at=None, failing_since__isnull=False)
    found = Webhook.objects.kept().filter(fails | off).select_related("account")
    return each_of(
        found.order_by("failing_since", "pk"),
        lambda hook: failing_webhook(user, hook),
        raw_list(Webhook, failing_since__isempty=0),
    )


def failing_webhook(user: Person, hook: Webhook) -> Signal:
    """One of them: a customer's with its acts, one of ours with its page."""
    if hook.account is None:
        return Signal(how_it_fails(hook), reverse("support:own_webhook", args=[hook.pk]))
    acts = offers.beside(tables.of(Webhook), user, hook)
    return Signal(how_it_fails(hook), page_of(hook), acts)


def how_it_fails(hook: Webhook) -> str:
    """``Webhook to hooks.brook.example of Brook & Co: nothing has arrived for 3 hours.``"""
    name = f"Webhook to {hook} of {hook.account or 'our own'}"
    if hook.turned_off_at:
        return f"{name}: off for {age(hook.turned_off_at)}. {hook.get_off_because_display()}"
    return f"{name}: nothing has arrived for {age(hook.failing_since)}."


def people_not_reached() -> Iterator[Signal]:
    """People at whose address mails fail for good, owners first."""
    owners_first = Case(When(role=Role.OWNER, then=Value(0)), default=Value(1))
    found = Membership.objects.active().exclude(user__mail_fails_because="")
    return each_of(
        found.select_related("user", "account").order_by(
            owners_first, "user__mail_fails_since", "pk"
        ),
        lambda one: Signal(f"{one}: {failing.how_it_fails(one.user)}", page_of(one)),
        raw_list(Membership, user__mail_fails_since__isempty=0),
    )


def messages() -> Iterator[Signal]:
    """Messages to webhooks that failed for good, or that no worker has taken."""
    lost = WebhookDelivery.objects.failed().filter(webhook__removed_at=None)
    lately = lost.filter(settled_at__gt=Now() - LATELY)
    late = deliveries.untried().filter(due_at__lt=Now() - LATE_AFTER)
    yield from counted(lately, "settled_at", "message to a webhook", "failed for good",
                       plural="messages to webhooks", state__exact="failed")  # fmt: skip
    yield from counted(late, "due_at", "message to a webhook", "not sent yet",
                       plural="messages to webhooks", state__exact="waiting")  # fmt: skip


def mails() -> Iterator[Signal]:
    """Mails that failed for good after which none of their kind was sent, or that still wait."""
    lost = Delivery.objects.failed().not_repeated().filter(settled_at__gt=Now() - LATELY)
    late = Delivery.objects.waiting().filter(created_at__lt=Now() - LATE_AFTER)
    yield from counted(lost, "settled_at", "mail", "failed for good", state__exact="failed")
    yield from counted(late, "created_at", "mail", "not sent yet", state__exact="waiting")


def events() -> Iterator[Signal]:
    """What happened and was handed over to nobody."""
    late = OutboxEvent.objects.pending().filter(created_at__lt=Now() - LATE_AFTER)
    return counted(late, "created_at", "event", "not handed over yet", delivered_at__isempty=1)


def each_of(rows: QuerySet[Any], signal_of: Callable[[Any], Signal], more: str) -> Iterator[Signal]:
    """The first of some records, each a signal, and where all of them are."""
    found = list(rows[: MOST_OF_A_KIND + 1])
    yield from map(signal_of, found[:MOST_OF_A_KIND])
    if len(found) > MOST_OF_A_KIND:
        yield Signal("More of these", more)


def counted(
    rows: QuerySet[Any], since: str, noun: str, what: str, *, plural: str = "", **asked: Any
) -> Iterator[Signal]:
    """How many records there are, the oldest since when, and where they are; nothing if none."""
    found = rows.order_by().aggregate(number=Count("pk"), oldest=Min(since), first=Min("pk"))
    if not found["number"]:
        return
    told = f"{number_of(found['number'], noun, plural)}: {what}"
    is_alone = found["number"] == 1
    one = raw_page(rows.model, found["first"])
    oldest = f"for {age(found['oldest'])}" if is_alone else f"the oldest for {age(found['oldest'])}"
    yield Signal(f"{told}, {oldest}.", one if is_alone else raw_list(rows.model, **asked))


def age(since: dt.datetime | None) -> str:
    """``3 hours``, ``2 days``."""
    if since is None or timezone.now() - since < dt.timedelta(minutes=1):
        return "less than a minute"
    return timesince(since, depth=1).replace("\N{NO-BREAK SPACE}", " ")
