"""What people saved of lists."""

from __future__ import annotations

from django.contrib import admin

from portal.models import SavedView
from support.admin.tables import RecordAdmin


@admin.register(SavedView)
class SavedViewAdmin(RecordAdmin):
    """Whose view of which list, and what it asks for."""

    list_display = ["name", "listed", "account", "person", "is_shared"]
    list_filter = ["listed", "is_shared"]
    list_select_related = ["account", "person"]
    search_fields = ["name", "account__name", "person__name", "person__email"]
    fields = ["account", "person", "listed", "name", "query", "is_shared", "created_at"]
