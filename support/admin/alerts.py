"""Alerts of accounts, and their rules."""

from __future__ import annotations

from django.contrib import admin

from portal.models import Alert, AlertNotice, AlertRule
from support.admin.tables import RecordAdmin


@admin.register(AlertRule)
class AlertRuleAdmin(RecordAdmin):
    """Of what an account's people are told, and whether they are."""

    list_display = ["__str__", "account", "threshold", "licence", "tag", "roles", "webhook",
                    "is_on", "paused_until"]  # fmt: skip
    list_filter = ["event", "is_on"]
    list_select_related = ["account", "licence", "webhook"]
    search_fields = ["account__name"]
    search_help_text = "Account"
    fields = ["account", "event", "threshold", "licence", "tag", "roles", "people", "webhook",
              "quiet_from", "quiet_until", "is_on", "paused_until", "stopped_by", "created_at",
              "created_by"]  # fmt: skip
    readonly_fields = ["created_at"]


@admin.register(Alert)
class AlertAdmin(RecordAdmin):
    """What is or was the case in an account."""

    list_display = ["event", "account", "licence", "threshold", "since", "eased_at", "resolved_at"]
    list_filter = ["event", ("resolved_at", admin.EmptyFieldListFilter)]
    list_select_related = ["account", "licence"]
    search_fields = ["account__name", "key"]
    search_help_text = "Account or key"
    fields = ["account", "event", "key", "threshold", "licence", "facts", "since", "opened_at",
              "ends_at", "eased_at", "resolved_at"]  # fmt: skip
    readonly_fields = ["opened_at"]


@admin.register(AlertNotice)
class AlertNoticeAdmin(RecordAdmin):
    """Who was told of an alert, and when."""

    list_display = ["__str__", "is_end", "due_at", "failed_tries", "sent_at"]
    list_filter = ["is_end", ("sent_at", admin.EmptyFieldListFilter)]
    list_select_related = ["alert__account", "user", "webhook"]
    search_fields = ["alert__account__name", "user__email"]
    search_help_text = "Account or e-mail address"
    fields = ["alert", "rule", "user", "webhook", "is_end", "due_at", "failed_tries", "sent_at"]
