"""Deliveries: what was mailed to whom, and what became of it."""

from __future__ import annotations

from django.contrib import admin

from portal.models import Delivery
from support.admin.tables import RecordAdmin


@admin.register(Delivery)
class DeliveryAdmin(RecordAdmin):
    """Mails that wait, were sent or could not be delivered; not what they say."""

    list_display = ["created_at", "kind", "receiver", "account", "state", "trouble", "tries",
                    "settled_at"]  # fmt: skip
    list_filter = ["state", "trouble", "kind"]
    list_select_related = ["account"]
    search_fields = ["receiver", "account__name"]
    search_help_text = "Address or account"
    fields = ["message_id", "kind", "receiver", "account", "asked_by", "state", "trouble",
              "created_at", "valid_until", "tries", "tried_at", "due_at", "settled_at"]  # fmt: skip
    readonly_fields = ["created_at", "message_id"]
