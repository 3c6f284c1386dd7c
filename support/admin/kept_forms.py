"""Which forms wait for somebody to sign in again, for an hour; what they say is theirs."""

from __future__ import annotations

from django.contrib import admin

from portal.models import KeptForm
from support.admin.tables import RecordAdmin


@admin.register(KeptForm)
class KeptFormAdmin(RecordAdmin):
    """That a form is kept, and for whom: never what was typed."""

    list_display = ["browser", "address", "person", "account", "kept_at", "is_shown"]
    search_fields = ["browser", "address"]
    fields = ["browser", "address", "person", "account", "is_partial", "kept_at", "is_shown"]
    readonly_fields = ["kept_at"]
