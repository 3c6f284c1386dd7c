"""The audit record."""

from __future__ import annotations

from django.contrib import admin

from licensing.models import AuditEntry, OutboxEvent
from support.admin.tables import RecordAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(RecordAdmin):
    """Who changed what; nobody changes an entry."""

    list_display = ["at", "account", "number", "actor_name", "action", "object_name", "reason"]
    list_select_related = ["account"]
    search_fields = ["actor_name", "object_name", "account__name", "action__exact",
                     "object_id__exact", "request_id__exact", "ticket__iexact"]  # fmt: skip
    search_help_text = "Person, account, object, action, or the id of a session or request"
    fields = ["account", "number", "at", "actor_kind", "actor_id", "actor_name", "action",
              "object_kind", "object_id", "object_name", "reason", "ticket", "staff_words",
              "is_quiet", "details", "address", "user_agent", "request_id", "digest"]  # fmt: skip


@admin.register(OutboxEvent)
class OutboxEventAdmin(RecordAdmin):
    """What others are told of, and whether they have been."""

    list_display = ["created_at", "account", "kind", "delivered_at"]
    list_filter = [("delivered_at", admin.EmptyFieldListFilter)]
    list_select_related = ["account"]
    search_fields = ["kind", "account__name"]
    fields = ["account", "entry", "kind", "created_at", "delivered_at"]
    readonly_fields = ["created_at"]
