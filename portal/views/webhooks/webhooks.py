"""The account's webhooks, and one of them with what was sent to it of late."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from portal.models import OffBecause, Role, Webhook, WebhookDelivery
from portal.outbound.unanswered import WORDS, Cause
from portal.views.access import AccountRequest, role_required
from portal.webhooks import catalogue, outcomes, sending
from portal.words.names import short_name
from portal.words.times import date_in_words

MOST_SHOWN = 20
TOLD = {**catalogue.EVENTS, **catalogue.ALERTS}


@require_safe
@role_required(Role.OWNER)
def webhooks(request: AccountRequest) -> HttpResponse:
    """All of them, each with its last delivery."""
    rows = listed(Webhook.objects.kept().filter(account=request.account))
    return render(request, "portal/webhooks/webhooks.html", {"rows": rows})


def listed(hooks: QuerySet[Webhook]) -> list[dict[str, Any]]:
    """Webhooks as a page lists them, each with its last delivery."""
    found = list(hooks)
    newest = WebhookDelivery.objects.order_by().filter(webhook__in=found, tries__gt=0)
    ids = newest.values("webhook").annotate(last=Max("pk")).values_list("last", flat=True)
    last = {row.webhook_id: row for row in WebhookDelivery.objects.filter(pk__in=list(ids))}
    return [listed_row(hook, last.get(hook.pk)) for hook in found]


def listed_row(hook: Webhook, last: WebhookDelivery | None) -> dict[str, Any]:
    """A webhook with what the list says of it."""
    return {
        "webhook": hook,
        "events": events_in_words(hook),
        "last": last,
        "result": result_of(last) if last else "",
    }


def events_in_words(hook: Webhook) -> str:
    """How many events it is told of."""
    if hook.is_chat:
        return _("Alerts")
    if not hook.events:
        return _("All events")
    return ngettext("%(n)s event", "%(n)s events", len(hook.events)) % {"n": len(hook.events)}


def result_of(delivery: WebhookDelivery) -> str:
    """What came of the last try: the status that was answered, or what went wrong."""
    if not delivery.tries:
        return ""
    if delivery.status:
        return _("Status %s") % delivery.status
    return trouble_in_words(delivery)


def trouble_in_words(delivery: WebhookDelivery) -> str:
    """What went wrong, in a sentence; nothing if all is well."""
    if delivery.trouble == sending.LOST:
        return _("The secret was lost on our side. Give the webhook a new one.")
    if delivery.trouble == outcomes.NOT_WRITTEN:
        return _("It could not be put together on our side.")
    if not delivery.trouble:
        return ""
    return str(WORDS[Cause[delivery.trouble.upper()]])


def webhook_or_404(request: AccountRequest, webhook_id: int) -> Webhook:
    """The account's webhook of this id."""
    return get_object_or_404(Webhook.objects.kept(), pk=webhook_id, account=request.account)


@require_safe
@role_required(Role.OWNER)
def webhook(request: AccountRequest, webhook_id: int) -> HttpResponse:
    """One webhook: its address and events, how it stands, and its last deliveries."""
    hook = webhook_or_404(request, webhook_id)
    context = shown_of_webhook(hook, "portal:send_webhook_again")
    return render(request, "portal/webhooks/webhook.html", context)


def shown_of_webhook(hook: Webhook, again: str) -> dict[str, Any]:
    """What a webhook's page tells; ``again`` names the address that sends a message again."""
    sent = list(hook.deliveries.all()[:MOST_SHOWN])
    return {
        "webhook": hook,
        "events": [(event, catalogue.EVENTS.get(event, "")) for event in hook.events],
        "creator": short_name(hook.created_by),
        "overlap": hook.old_secret_until if has_two_secrets(hook) else None,
        "stands": how_webhook_stands(hook, sent),
        "deliveries": [shown(delivery, again) for delivery in sent],
        "kept_days": settings.KEEP_MESSAGES_DAYS,
    }


def has_two_secrets(hook: Webhook) -> bool:
    """Whether the secret that it had before still signs."""
    return hook.old_secret_until is not None and timezone.now() < hook.old_secret_until


def how_webhook_stands(hook: Webhook, sent: list[WebhookDelivery]) -> list[str]:
    """Why it is off, or what keeps failing, in sentences; none if all is well."""
    if hook.turned_off_at:
        return [off_in_words(hook), hook.get_off_because_display()]
    if hook.failing_since is None:
        return []
    failed = next((delivery for delivery in sent if delivery.trouble), None)
    since = day_or_time_today(hook.failing_since)
    told = [_("Nothing has arrived since %s. It is tried again by itself.") % since]
    return [*told, trouble_in_words(failed)] if failed else told


def day_or_time_today(moment: dt.datetime) -> str:
    """ "26 Nov", and "13:58 GMT" of a moment of today."""
    local, today = timezone.localtime(moment), timezone.localdate()
    if local.date() == today:
        return f"{local:%H:%M} {local.tzname()}"
    return date_in_words(local.date(), today=today)


def off_in_words(hook: Webhook) -> str:
    """Since when it is off, and since when nothing had arrived."""
    assert hook.turned_off_at is not None
    today = timezone.localdate()
    words = {"day": date_in_words(timezone.localdate(hook.turned_off_at), today=today)}
    if hook.off_because != OffBecause.FAILING or hook.failing_since is None:
        return _("Turned off on %(day)s.") % words
    words["since"] = date_in_words(timezone.localdate(hook.failing_since), today=today)
    return _("Turned off on %(day)s: no success since %(since)s.") % words


def shown(delivery: WebhookDelivery, again: str) -> dict[str, Any]:
    """A delivery with what its row says."""
    return {
        "again": reverse(again, args=[delivery.webhook_id, delivery.pk]),
        "delivery": delivery,
        "sentence": TOLD.get(delivery.event, _("A test that somebody sent.")),
        "result": result_of(delivery),
        "trouble": trouble_in_words(delivery) if delivery.status else "",
        "took": took(delivery),
        "body": laid_out(delivery.body),
    }


def took(delivery: WebhookDelivery) -> str:
    """How long the answer took, in milliseconds."""
    if delivery.took is None:
        return ""
    return _("%s ms") % round(delivery.took.total_seconds() * 1000)


def laid_out(body: str) -> str:
    """The JSON as people read it; nothing of what was never sent."""
    return json.dumps(json.loads(body), indent=2, ensure_ascii=False) if body else ""
