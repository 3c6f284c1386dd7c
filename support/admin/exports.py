"""Exports that were too long to wait for."""

from __future__ import annotations

from django.contrib import admin

from portal.models import Export
from support.admin.tables import RecordAdmin


@admin.register(Export)
class ExportAdmin(RecordAdmin):
    """Who ordered which list as a file, and until when it can be fetched; not the file itself."""

    list_display = ["listed", "format", "account", "person", "created_at", "ready_at", "ends_at",
                    "rows"]  # fmt: skip
    list_select_related = ["account", "person"]
    search_fields = ["account__name", "person__name", "person__email"]
    fields = ["account", "person", "listed", "format", "created_at", "started_at", "ready_at",
              "ends_at", "rows", "mail"]  # fmt: skip
    readonly_fields = ["created_at"]
