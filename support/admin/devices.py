"""Devices of single-user licences."""

from __future__ import annotations

from django.contrib import admin

from licensing.models import Device
from support.admin.act_pages import ActAdmin


@admin.register(Device)
class DeviceAdmin(ActAdmin):
    """The machines that seats are, or were, bound to."""

    list_display = ["machine_name", "username", "licence", "account", "bound_at", "unbound_at"]
    list_filter = [("unbound_at", admin.EmptyFieldListFilter)]
    list_select_related = ["licence", "account"]
    search_fields = ["machine_name", "username", "account__name"]
    search_help_text = "Machine, user, account or serial number"
    serial_number_lookup = "licence__keys__serial_number"
    fields = [
        "account",
        "licence",
        "seat",
        "machine_name",
        "username",
        "bound_at",
        "unbound_at",
        "unbinding",
        "lease_until",
    ]
    readonly_fields = ["bound_at"]
