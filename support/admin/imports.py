"""Imports of lists, and what became of their rows, in the admin."""

from __future__ import annotations

from django.contrib import admin

from licensing.models import Import, ImportRow
from support.admin.tables import RecordAdmin


@admin.register(Import)
class ImportAdmin(RecordAdmin):
    """A list that somebody confirmed."""

    list_display = ["account", "source", "began_at", "moved_at", "ended_at"]
    list_select_related = ["account"]
    search_fields = ["account__name"]
    fields = ["account", "source", "entry", "began_at", "moved_at", "ended_at"]


@admin.register(ImportRow)
class ImportRowAdmin(RecordAdmin):
    """One row of such a list."""

    list_display = ["name", "kind", "number", "settled_at", "problem"]
    search_fields = ["name", "whole__account__name"]
    fields = ["whole", "number", "kind", "name", "seats", "settled_at", "made", "problem"]
