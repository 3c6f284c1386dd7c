"""What customers wrote about their licences."""

from __future__ import annotations

from django.contrib import admin

from portal.models import LicenceNotes
from support.admin.tables import RecordAdmin


@admin.register(LicenceNotes)
class LicenceNotesAdmin(RecordAdmin):
    """Whom a licence's people ask, and what they should know."""

    list_display = ["licence", "account", "contact_name", "contact_email"]
    list_select_related = ["licence", "account"]
    search_fields = ["licence__name", "account__name", "contact_name", "contact_email"]
    fields = ["account", "licence", "contact_name", "contact_email", "text"]
