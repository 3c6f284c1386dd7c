"""Reports that accounts have mailed to their people."""

from __future__ import annotations

from django.contrib import admin

from portal.models import Report, ReportReader, SecretAddress
from support.admin.tables import RecordAdmin


@admin.register(Report)
class ReportAdmin(RecordAdmin):
    """What is sent when, and by whose order."""

    list_display = ["__str__", "account", "person", "every", "next_on", "paused_at", "sent_at"]
    list_filter = ["kind", "every", ("paused_at", admin.EmptyFieldListFilter)]
    list_select_related = ["account", "person", "view"]
    search_fields = ["account__name", "person__name", "person__email", "view__name"]
    fields = ["account", "person", "kind", "view", "format", "every", "next_on", "paused_at",
              "sent_at", "created_at"]  # fmt: skip
    readonly_fields = ["created_at"]


@admin.register(ReportReader)
class ReportReaderAdmin(RecordAdmin):
    """To whom."""

    list_display = ["person", "report"]
    list_select_related = ["person", "report__view"]
    search_fields = ["person__name", "person__email", "report__account__name"]
    fields = ["person", "report"]


@admin.register(SecretAddress)
class SecretAddressAdmin(RecordAdmin):
    """Who has the address of a calendar or a feed; not which."""

    list_display = ["account", "person", "kind", "made_at"]
    list_select_related = ["account", "person"]
    search_fields = ["account__name", "person__name", "person__email"]
    fields = ["account", "person", "kind", "made_at"]
    readonly_fields = ["made_at"]
