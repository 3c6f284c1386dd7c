"""When each of the service's own secrets was first seen."""

from __future__ import annotations

from django.contrib import admin

from portal.models import KnownSecret
from support.admin.tables import RecordAdmin


@admin.register(KnownSecret)
class KnownSecretAdmin(RecordAdmin):
    """How old a secret is; which one it is cannot be told."""

    list_display = ["setting", "first_seen_at"]
    search_fields = ["setting"]
    fields = ["setting", "first_seen_at"]
    readonly_fields = ["first_seen_at"]
