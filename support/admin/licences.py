"""Licences, their features and seats, and what sales may change about them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from licensing.models import (
    ClosedId,
    Device,
    FeatureSeat,
    Licence,
    LicenceFeature,
    ProductKey,
    Seat,
)
from portal.licences.policies import policy_in_words
from support.admin.act_pages import ActAdmin
from support.admin.states import coloured
from support.admin.tables import RecordAdmin, RecordInline


class FeatureInline(RecordInline):
    """What a licence includes."""

    model = LicenceFeature
    fields = ["feature", "seats"]
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("feature")


class KeyInline(RecordInline):
    """The keys of a licence; product keys are never shown here."""

    model = ProductKey
    fk_name = "licence"
    fields = ["serial_number", "label", "state", "superseded_at", "revoked_at", "created_at"]
    readonly_fields = ["created_at"]


class DeviceInline(RecordInline):
    """The devices that a single-user licence is, or was, bound to."""

    model = Device
    fields = ["machine_name", "username", "bound_at", "unbound_at"]
    readonly_fields = ["bound_at"]


@admin.register(Licence)
class LicenceAdmin(ActAdmin):
    """Licences of all accounts."""

    list_display = ["name", "account", "product", "usage_model", "standing", "seats", "in_use",
                    "starts_on", "ends_on"]  # fmt: skip
    list_filter = ["usage_model", "state", "product"]
    list_select_related = ["account", "product"]
    search_fields = ["name", "account__name"]
    search_help_text = "Name, account or serial number"
    serial_number_lookup = "keys__serial_number"
    fields = ["account", "product", "name", "usage_model", "standing", "seats", "in_use",
              "starts_on", "ends_on", "policy",
              "replaces", "created_at"]  # fmt: skip
    readonly_fields = ["standing", "in_use", "policy", "created_at"]
    inlines = [FeatureInline, KeyInline, DeviceInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Licence]:
        return Licence.objects.select_related("account", "product").with_use()

    @admin.display(description="state", ordering="state")
    def standing(self, licence: Licence) -> SafeString:
        return coloured(licence.state, licence.get_state_display())

    @admin.display(description="in use")
    def in_use(self, licence: Licence) -> SafeString:
        """How many seats are held, leading to those who hold them."""
        return format_html(
            '<a href="{}?licence__id__exact={}">{}</a>',
            reverse("admin:licensing_clientsession_changelist"),
            licence.pk,
            licence.in_use,  # type: ignore[attr-defined]
        )

    @admin.display(description="offline policy")
    def policy(self, licence: Licence) -> str:
        return policy_in_words(licence)


@admin.register(LicenceFeature)
class LicenceFeatureAdmin(RecordAdmin):
    """Which licence includes which feature."""

    list_display = ["licence", "feature", "account"]
    list_select_related = ["licence__account", "feature"]
    search_fields = ["licence__name", "licence__account__name", "feature__name"]
    serial_number_lookup = "licence__keys__serial_number"

    @admin.display(description="account")
    def account(self, included: LicenceFeature) -> str:
        return included.licence.account.name


@admin.register(Seat)
class SeatAdmin(RecordAdmin):
    """Seats: free, or held by a session."""

    list_display = ["id", "licence", "account", "session", "draining"]
    list_filter = ["draining"]
    list_select_related = ["licence", "account", "session"]
    search_fields = ["licence__name", "account__name", "session__pk__exact"]
    search_help_text = "Licence, account, serial number or session id"
    serial_number_lookup = "licence__keys__serial_number"
    fields = ["id", "account", "licence", "session", "draining"]


@admin.register(FeatureSeat)
class FeatureSeatAdmin(RecordAdmin):
    """Seats of features that have fewer than their licence."""

    list_display = ["id", "licence", "feature", "session"]
    list_select_related = ["licence_feature__licence", "licence_feature__feature", "session"]
    search_fields = ["licence_feature__licence__name", "session__pk__exact"]
    search_help_text = "Licence, serial number or session id"
    serial_number_lookup = "licence_feature__licence__keys__serial_number"
    fields = ["id", "licence_feature", "session", "held_since"]

    @admin.display(description="licence")
    def licence(self, seat: FeatureSeat) -> str:
        return str(seat.licence_feature.licence)

    @admin.display(description="feature")
    def feature(self, seat: FeatureSeat) -> str:
        return str(seat.licence_feature.feature)


@admin.register(ClosedId)
class ClosedIdAdmin(RecordAdmin):
    """Ids of sessions that were closed before their check-outs arrived, for a day."""

    list_display = ["session_id", "licence", "closed_at"]
    list_select_related = ["licence"]
    search_fields = ["licence__name", "session_id__exact"]
    search_help_text = "Licence, serial number or session id"
    serial_number_lookup = "licence__keys__serial_number"
    fields = ["session_id", "licence", "closed_at"]
