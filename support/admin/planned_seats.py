"""What changes of seats by itself, later, and emergency seats."""

from __future__ import annotations

from django.contrib import admin

from licensing.models import PlannedSeats
from support.admin.act_pages import ActAdmin


@admin.register(PlannedSeats)
class PlannedSeatsAdmin(ActAdmin):
    """What is to come, and what was carried out or cancelled."""

    list_display = ["licence", "on", "seats", "until", "added", "done_at", "cancelled_at"]
    list_select_related = ["licence"]
    search_fields = ["licence__name", "licence__account__name", "reason"]
    search_help_text = "Licence, account, reason or serial number"
    serial_number_lookup = "licence__keys__serial_number"
    fields = [
        "licence", "on", "seats", "until", "added", "actor_name", "reason", "ticket",
        "staff_words", "is_quiet", "planned_at", "done_at", "cancelled_at",
    ]  # fmt: skip
