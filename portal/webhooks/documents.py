"""The JSON that is posted to webhooks: which event, when it happened, and what it was."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import msgspec
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from msgspec import Meta

from licensing.api.documents import Document
from licensing.import_acts import BEGAN, DONE
from licensing.models import Account, AuditEntry
from portal.alerts import words
from portal.models import AlertNotice, WebhookDelivery
from portal.webhooks import catalogue, chat
from portal.words import zones
from portal.words.aliases import Names, shows_aliases
from portal.words.names import short_name
from portal.words.sentences import sentence

AccountId = Annotated[int, Meta(description="The account's id, as the APIs have it.")]


class EventData(Document, frozen=True, kw_only=True):
    """One entry of the audit record, in the words of the customer API."""

    account: AccountId
    number: Annotated[int, Meta(description="The entry's number in the account's audit log.")]
    actor_kind: Annotated[
        str, Meta(description="person, token, client, support, command, system or stranger.")
    ]
    actor_name: str
    sentence: Annotated[str, Meta(description="What happened, in words.")]
    object_kind: str
    object_id: str
    object_name: str
    reason: Annotated[str, Meta(description="Empty where names are aliases: it may name anybody.")]
    details: Annotated[
        dict[str, Any], Meta(description="What is told beside; empty where names are aliases.")
    ]
    parts: Annotated[
        str | None,
        Meta(description="Of an import: where the customer API lists what it made. Else null."),
    ]


class TestData(Document, frozen=True, kw_only=True):
    """A test that somebody sent."""

    account: Annotated[
        int | None, Meta(description="The account's id; null at a webhook of the vendor's own.")
    ]
    sentence: Annotated[str, Meta(description="Who sent it, in words.")]


class AlertData(Document, frozen=True, kw_only=True):
    """An alert that began or is over."""

    account: AccountId
    alert: Annotated[str, Meta(description="Which one: pool_full and others.")]
    id: Annotated[int, Meta(description="The same when it begins and when it is over.")]
    sentence: Annotated[str, Meta(description="What is the case, in words.")]
    licence: Annotated[str, Meta(description="The licence's name; empty if it is about none.")]
    since: dt.datetime
    url: Annotated[str, Meta(description="The page where one looks at it.")]


class Event(Document, frozen=True, kw_only=True):
    """What is posted."""

    type: Annotated[str, Meta(description="The event's name.")]
    timestamp: Annotated[dt.datetime, Meta(description="When it happened.")]
    data: EventData | TestData | AlertData


def body_of(delivery: WebhookDelivery) -> str:
    """What is to be posted now, as the account wants its people named now; to the vendor, who
    sees them anyway, by their names."""
    owner = delivery.webhook.account
    account = owner or (delivery.entry.account if delivery.entry else None)
    if account is None:
        return msgspec.json.encode(test_of(delivery, None)).decode()
    names = Names(account, are_aliases=owner is not None and shows_aliases(owner))
    with translation.override(settings.LANGUAGE_CODE), zones.of_account(account):
        if delivery.webhook.is_chat:
            return msgspec.json.encode(chat.message_of(delivery, names)).decode()
        return msgspec.json.encode(what_happened(delivery, names)).decode()


def what_happened(delivery: WebhookDelivery, names: Names) -> Event:
    """The event that a delivery tells of: of the record, an alert or a test."""
    if delivery.entry:
        return event_of(delivery.entry, names)
    notice = chat.notices_of(delivery).first() if delivery.event != catalogue.TEST else None
    return alert_of(notice, names) if notice else test_of(delivery, names.account)


def event_of(entry: AuditEntry, names: Names) -> Event:
    """An entry of the record, with people and machines named as viewers see them."""
    data = EventData(
        account=names.account.pk,
        number=entry.number,
        actor_kind=entry.actor_kind,
        actor_name=short_name(names.actor(entry)),
        sentence=sentence(entry, names),
        object_kind=entry.object_kind,
        object_id=entry.object_id,
        object_name=names.object(entry),
        reason=names.written(entry.reason),
        details={} if names.are_aliases else entry.details,
        parts=parts_of(entry),
    )
    return Event(type=catalogue.name_of(entry.action), timestamp=entry.at, data=data)


def parts_of(entry: AuditEntry) -> str | None:
    """Where the entries are listed that are part of it; None of what has no parts."""
    if entry.action not in (BEGAN, DONE):
        return None
    whole = entry.details.get("began", entry.number)
    return settings.BASE_URL + reverse("account_api:audit", query={"part_of": whole})


def alert_of(notice: AlertNotice, names: Names) -> Event:
    """An alert, with people and machines named as viewers see them."""
    alert = notice.alert
    data = AlertData(
        account=names.account.pk,
        alert=alert.event,
        id=alert.pk,
        sentence=words.notice_says(notice, names),
        licence=alert.licence.name if alert.licence else "",
        since=alert.since,
        url=words.url_of(alert),
    )
    at = (alert.resolved_at if notice.is_end else None) or alert.opened_at
    kind = "alert.resolved" if notice.is_end else "alert.opened"
    return Event(type=kind, timestamp=at, data=data)


def test_of(delivery: WebhookDelivery, account: Account | None) -> Event:
    """A test, that tells who wanted it."""
    said = _("%(who)s sent a test.") % {"who": short_name(delivery.asked_by)}
    data = TestData(account=account.pk if account else None, sentence=said)
    return Event(type=catalogue.TEST, timestamp=delivery.created_at, data=data)
