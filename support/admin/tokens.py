"""API tokens of accounts."""

from __future__ import annotations

from django.contrib import admin

from portal.models import ApiToken
from support.admin.tables import RecordAdmin


@admin.register(ApiToken)
class ApiTokenAdmin(RecordAdmin):
    """Which tokens an account has; never what they are."""

    list_display = ["name", "account", "starts_with", "created_by", "ends_at", "last_used_at",
                    "revoked_at"]  # fmt: skip
    list_select_related = ["account"]
    search_fields = ["name", "account__name", "starts_with"]
    search_help_text = "Name, account, or the first characters of the token"
    fields = ["account", "name", "starts_with", "scopes", "created_at", "created_by", "ends_at",
              "end_told_at", "last_used_at", "last_used_from", "networks",
              "revoked_at"]  # fmt: skip
    readonly_fields = ["created_at"]
