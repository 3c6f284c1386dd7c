"""What use is counted from, beside the sessions."""

from __future__ import annotations

from django.contrib import admin

from licensing.models import Hold, LateFact, LimitChange, UseCounted, UseOfHour
from licensing.models.use_of_hours import QUARTERS
from licensing.usage.roll_up import REFUSALS
from support.admin.tables import RecordAdmin


class OfLicenceAdmin(RecordAdmin):
    """A table of facts about licences."""

    list_select_related = ["licence", "feature"]
    search_fields = ["licence__name"]
    search_help_text = "Licence or serial number"
    serial_number_lookup = "licence__keys__serial_number"


@admin.register(Hold)
class HoldAdmin(OfLicenceAdmin):
    """Holds that are over, of features, and of sessions that took a seat again."""

    list_display = ["licence", "feature", "session", "held_since", "held_until"]
    search_fields = ["licence__name", "session__exact"]
    search_help_text = "Licence, serial number or session id"
    fields = ["licence", "feature", "session", "held_since", "held_until"]


@admin.register(LimitChange)
class LimitChangeAdmin(OfLicenceAdmin):
    """How many seats there were from when on."""

    list_display = ["licence", "feature", "seats", "since", "is_derived"]
    fields = ["licence", "feature", "seats", "since", "is_derived"]


@admin.register(LateFact)
class LateFactAdmin(OfLicenceAdmin):
    """Licences whose hours are to be counted again."""

    list_display = ["licence", "since"]
    list_select_related = ["licence"]
    fields = ["licence", "since"]


@admin.register(UseOfHour)
class UseOfHourAdmin(OfLicenceAdmin):
    """What use there was in each hour."""

    list_display = ["licence", "feature", "hour", "peak", "seats", "people", "true_denials"]
    fields = [
        "licence", "feature", "hour", *QUARTERS, "peak", "seats", "seat_seconds",
        "seconds_at_limit", "people", "machines", *REFUSALS,
    ]  # fmt: skip


@admin.register(UseCounted)
class UseCountedAdmin(OfLicenceAdmin):
    """Until when each licence's use has been counted."""

    list_display = ["licence", "until"]
    list_select_related = ["licence"]
    fields = ["licence", "until"]
