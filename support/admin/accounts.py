"""Accounts."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from licensing.models import Account, ProductKey
from licensing.models.spelling import Alphabetical
from portal.models import Membership
from support.admin.act_pages import ActAdmin
from support.admin.tables import RecordInline
from support.words import number_of


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
    fields = ["name", "time_zone", "contact", "shows_holders", "licences", "sessions", "keys",
              "created_at"]  # fmt: skip
    readonly_fields = ["licences", "sessions", "keys", "created_at"]
    inlines = [MembershipInline]

    @admin.display(description="licences")
    def licences(self, account: Account) -> SafeString:
        return link_to(account, "licence", account.licences.count(), "licence")

    @admin.display(description="in use now")
    def sessions(self, account: Account) -> SafeString:
        return link_to(account, "clientsession", account.sessions.active().count(), "session")

    @admin.display(description="keys")
    def keys(self, account: Account) -> SafeString:
        return link_to(
            account, "productkey", ProductKey.objects.filter(account=account).count(), "key"
        )


def link_to(account: Account, table: str, number: int, noun: str) -> SafeString:
    """How many the account has, leading to them."""
    return format_html('<a href="{}">{}</a>', address_of(account, table), number_of(number, noun))


def address_of(account: Account, table: str) -> str:
    """The account's records of a table."""
    return f"{reverse(f'admin:licensing_{table}_changelist')}?account__id__exact={account.pk}"
