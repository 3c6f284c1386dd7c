"""Requests: what customers ask the desk, and answering."""

from __future__ import annotations

from django.contrib import admin

from portal.models import CustomerRequest
from support.admin.act_pages import ActAdmin


@admin.register(CustomerRequest)
class CustomerRequestAdmin(ActAdmin):
    """Those that wait for an answer first in the filter."""

    list_display = ["asked_at", "kind", "account", "licence", "state", "asked_by"]
    list_filter = ["state", "kind"]
    list_select_related = ["account", "licence"]
    search_fields = ["account__name", "asked_by", "asked_by_email", "text"]
    search_help_text = "Account, person, or a word of the request"
    serial_number_lookup = "licence__keys__serial_number"
    fields = ["account", "licence", "kind", "seats", "text", "state", "asked_by", "asked_by_email",
              "asked_at", "mail", "answer", "answered_by", "answered_at",
              "answer_mail"]  # fmt: skip
    readonly_fields = ["asked_at"]
