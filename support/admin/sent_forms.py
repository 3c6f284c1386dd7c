"""Which forms did something already, for a day."""

from __future__ import annotations

from django.contrib import admin

from portal.models import SentForm
from support.admin.tables import RecordAdmin


@admin.register(SentForm)
class SentFormAdmin(RecordAdmin):
    """What a form that came again was answered."""

    list_display = ["fingerprint", "address", "sent_at"]
    search_fields = ["fingerprint", "address"]
    fields = ["fingerprint", "address", "messages", "sent_at"]
    readonly_fields = ["sent_at"]
