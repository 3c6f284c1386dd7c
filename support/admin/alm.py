"""What licences were in customers' own licence managers (ALM)."""

from __future__ import annotations

from django.contrib import admin

from licensing.models import FromAlm
from support.admin.tables import RecordAdmin


@admin.register(FromAlm)
class FromAlmAdmin(RecordAdmin):
    """The row of an imported list that became a licence."""

    list_display = ["licence", "server", "seats", "peak", "imported_at"]
    list_select_related = ["licence"]
    search_fields = ["licence__name", "licence__account__name", "server"]
    fields = ["licence", "server", "seats", "peak", "imported_at"]
