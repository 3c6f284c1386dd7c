"""What is posted where people talk: a card to Microsoft Teams, a text to Slack and Mattermost.

Names come from programs and may hold anything: none of it is markup there, or calls anybody.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.alerts import words
from portal.models import AlertNotice, WebhookDelivery, WebhookKind
from portal.words.aliases import Names
from portal.words.names import short_name

CARD = "application/vnd.microsoft.card.adaptive"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
NEEDED = ("alert__licence", "alert__entry")


def notices_of(delivery: WebhookDelivery) -> QuerySet[AlertNotice]:
    """The alerts of which a message tells, in their order."""
    return delivery.notices.select_related(*NEEDED).order_by("pk")


def message_of(delivery: WebhookDelivery, names: Names) -> dict[str, Any]:
    """The message as what stands at the webhook's address reads it."""
    title, lines = names.account.name, lines_of(delivery, names)
    if delivery.webhook.kind == WebhookKind.TEAMS:
        return card(title, lines)
    return {"text": "\n".join([plain(title), *(f"{plain(text)} <{url}|→>" for text, url in lines)])}


def lines_of(delivery: WebhookDelivery, names: Names) -> list[tuple[str, str]]:
    """What it says, each with the address where one looks at it; a test that it is one."""
    told = [
        (words.notice_says(one, names), words.url_of(one.alert)) for one in notices_of(delivery)
    ]
    said = _("%(who)s sent a test.") % {"who": short_name(delivery.asked_by)}
    return told or [(said, settings.BASE_URL + reverse("portal:alerts"))]


def plain(text: str) -> str:
    """A text in which nothing is markup of Slack, nor of Mattermost."""
    for special, instead in {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "@\u200b"}.items():
        text = text.replace(special, instead)
    return text.replace("](", "] (")


def card(title: str, lines: list[tuple[str, str]]) -> dict[str, Any]:
    """An Adaptive Card, as a workflow "when a Teams webhook request is received" takes it."""
    body = [paragraph(title, weight="Bolder"), *(paragraph(text) for text, _url in lines)]
    urls = {url for _text, url in lines}
    url = urls.pop() if len(urls) == 1 else settings.BASE_URL + reverse("portal:alerts")
    content = {
        "$schema": SCHEMA,
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": _("Open"), "url": url}],
    }
    attachment = {"contentType": CARD, "contentUrl": None, "content": content}
    return {"type": "message", "attachments": [attachment]}


def paragraph(text: str, **style: str) -> dict[str, Any]:
    """A paragraph whose text is no markup, as that of a TextBlock would be."""
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text} | style]}
