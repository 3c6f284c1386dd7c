"""Access rules: who is barred, and who let in."""

from __future__ import annotations

from django.contrib import admin

from licensing.models import AccessRule
from support.admin.act_pages import ActAdmin


@admin.register(AccessRule)
class AccessRuleAdmin(ActAdmin):
    """Rules that hold, and those that were lifted."""

    list_display = [
        "effect",
        "username",
        "machine_name",
        "account",
        "licence",
        "starts_at",
        "ends_at",
        "created_by",
    ]
    list_filter = ["effect"]
    list_select_related = ["account", "licence"]
    search_fields = ["username", "machine_name", "account__name", "reason"]
    search_help_text = "User, machine, account, reason or serial number"
    serial_number_lookup = "licence__keys__serial_number"
    fields = [
        "account",
        "licence",
        "effect",
        "username",
        "machine_name",
        "reason",
        "starts_at",
        "ends_at",
        "created_by",
    ]
