"""What people put off on their home page."""

from __future__ import annotations

from django.contrib import admin

from portal.models import Snooze
from support.admin.tables import RecordAdmin


@admin.register(Snooze)
class SnoozeAdmin(RecordAdmin):
    """Who does not want to be reminded of what, until when."""

    list_display = ["name", "account", "person", "until"]
    list_select_related = ["account", "person"]
    search_fields = ["account__name", "person__name", "person__email"]
    fields = ["account", "person", "name", "until"]
