"""Webhooks of accounts, and what was sent to them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from portal.models import Webhook, WebhookDelivery
from support.admin.act_pages import ActAdmin


@admin.register(Webhook)
class WebhookAdmin(ActAdmin):
    """Which webhooks an account has and how they stand; never a secret, or more than the host."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        """Those of accounts: the vendor's own stand in the console."""
        return Webhook.objects.of_customers()

    list_display = ["__str__", "account", "created_at", "turned_off_at", "off_because",
                    "failing_since", "failures", "served_at"]  # fmt: skip
    list_filter = ["off_because", ("failing_since", admin.EmptyFieldListFilter)]
    list_select_related = ["account"]
    search_fields = ["account__name", "address"]
    search_help_text = "Account or address"
    fields = ["account", "events", "created_at", "created_by", "turned_off_at", "off_because",
              "removed_at", "failing_since", "failures", "rests_until", "served_at",
              "old_secret_until"]  # fmt: skip
    readonly_fields = ["created_at"]


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ActAdmin):
    """What became of each message; not what it said."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookDelivery]:
        """Those to webhooks of accounts."""
        return WebhookDelivery.objects.filter(webhook__account__isnull=False)

    list_display = ["created_at", "event", "webhook", "state", "status", "trouble", "tries",
                    "tried_at"]  # fmt: skip
    list_filter = ["state", "trouble"]
    list_select_related = ["webhook__account"]
    search_fields = ["webhook__account__name", "event"]
    search_help_text = "Account or event"
    fields = ["webhook", "entry", "event", "message_id", "state", "is_by_hand", "asked_by",
              "created_at", "due_at", "tries", "tried_at", "settled_at", "status", "trouble",
              "took"]  # fmt: skip
    readonly_fields = ["created_at", "message_id"]

    def entries_url(self, object_id: str, record: WebhookDelivery | None) -> str:
        """The record tells of the webhook."""
        if record is None:
            return super().entries_url(object_id, record)
        about = {"object_kind": "webhook", "object_id": record.webhook_id,
                 "account__id__exact": record.account_id}  # fmt: skip
        return f"{reverse('admin:licensing_auditentry_changelist')}?{urlencode(about)}"
