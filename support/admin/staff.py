"""Users: account holders, and the vendor's staff with what they may do."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse

from portal.models import Membership, User
from portal.people import staff
from portal.sign_in.standing import person
from support.admin.act_pages import ActAdmin
from support.admin.tables import RecordAdmin, RecordInline


class MembershipInline(RecordInline):
    """The accounts of a person."""

    model = Membership
    fields = ["account", "role", "invited_by", "created_at"]
    readonly_fields = ["created_at"]


@admin.register(User)
class UserAdmin(ActAdmin):
    """Account holders and the vendor's staff.

    Here staff are added. They set a password by "Forgot your password?"; account holders come
    by invitation.
    """

    list_display = ["name", "email", "is_active", "is_staff", "last_login"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["name", "email"]
    search_help_text = "Name or e-mail address"
    inlines = [MembershipInline]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is None:
            return ["name", "email"]
        return ["name", "email", "time_zone", "is_active", "is_staff", "groups", "is_superuser",
                "last_login", "date_joined"]  # fmt: skip

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        staff.add(obj, by=person(request).as_actor)

    def entries_url(self, object_id: str, record: User | None) -> str:
        return reverse("admin:portal_user_history", args=[object_id])


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(RecordAdmin):
    """Groups of staff. What each may do is decided in ``support.permissions`` alone."""

    list_display = ["name"]
    search_fields = ["name"]
    fields = ["name", "permissions"]
