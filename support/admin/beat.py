"""Which machine beats."""

from __future__ import annotations

from django.contrib import admin

from portal.models import Beat
from support.admin.tables import RecordAdmin


@admin.register(Beat)
class BeatAdmin(RecordAdmin):
    """Whose turn it is, and when each task was asked for last."""

    list_display = ["machine", "renewed_at", "held_until"]
    search_fields = ["machine"]
    fields = ["machine", "renewed_at", "held_until", "asked_at"]
    readonly_fields = ["renewed_at"]
