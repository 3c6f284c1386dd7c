"""Denials: who was refused, and why."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from licensing.models import Denial
from support.admin.tables import RecordAdmin


@admin.register(Denial)
class DenialAdmin(RecordAdmin):
    """Refused check-outs, a row per person, licence, reason and ten minutes."""

    list_display = ["last_at", "code", "username", "machine_name", "account", "licence", "count"]
    list_select_related = ["licence", "account"]
    search_fields = ["username", "machine_name", "account__name", "code__exact"]
    search_help_text = "User, machine, account, serial number or code (pool_exhausted)"
    serial_number_lookup = "licence__keys__serial_number"
    fields = ["account", "licence", "key", "code", "username", "machine_name", "version",
              "first_at", "last_at", "count", "seats", "in_use"]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Denial]:
        return Denial.every.order_by(*self.ordering)
