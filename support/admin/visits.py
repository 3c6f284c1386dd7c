"""Views of accounts by support."""

from __future__ import annotations

from django.contrib import admin

from portal.models import Visit
from support.admin.tables import RecordAdmin


@admin.register(Visit)
class VisitAdmin(RecordAdmin):
    """Who saw which account as its owner does, and until when."""

    list_display = ["began_at", "person", "account", "ticket", "ends_at", "ended_at"]
    list_select_related = ["account", "person"]
    search_fields = ["account__name", "person__name", "person__email", "ticket"]
    fields = ["account", "person", "entry", "ticket", "began_at", "ends_at", "ended_at"]
    readonly_fields = ["began_at"]
