"""What customers call their licences among themselves."""

from __future__ import annotations

from django.contrib import admin

from portal.models import LicenceTag
from support.admin.tables import RecordAdmin


@admin.register(LicenceTag)
class LicenceTagAdmin(RecordAdmin):
    """Which words stand on which licence."""

    list_display = ["name", "licence", "account"]
    list_select_related = ["licence", "account"]
    search_fields = ["name", "licence__name", "account__name"]
    fields = ["account", "licence", "name"]
