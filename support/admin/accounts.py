"""Accounts."""

from __future__ import annotations

from django.contrib import admin

from licensing.models import Account
from licensing.models.spelling import Alphabetical
from portal.models import Membership
from support.acts import accounts as account_acts
from support.admin.act_pages import ActAdmin
from support.admin.tables import RecordInline


class MembershipInline(RecordInline):
    """The people of an account."""

    model = Membership
    fields = ["user", "role", "invited_by", "created_at"]
    readonly_fields = ["created_at"]


@admin.register(Account)
class AccountAdmin(ActAdmin):
    """The customers."""

    list_display = ["name", "time_zone", "created_at"]
    ordering = [Alphabetical("name")]
    search_fields = ["name"]
    search_help_text = "Name, or the serial number of one of its licences"
    serial_number_lookup = "licences__keys__serial_number"
    fields = ["name", "time_zone", "contact", "shows_holders", "created_at"]
    readonly_fields = ["created_at"]
    inlines = [MembershipInline]
    kind = account_acts.KIND
