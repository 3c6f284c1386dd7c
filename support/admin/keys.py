"""Product keys: masked here, always."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from licensing import sightings
from licensing.models import ProductKey
from licensing.models.keys import KeyState
from licensing.sightings import Sighting
from support.acts import keys as key_acts
from support.admin.act_pages import ActAdmin
from support.words import moment, number_of

MOST_MACHINES = 100


@admin.register(ProductKey)
class ProductKeyAdmin(ActAdmin):
    """Serial numbers, and the state of their product keys."""

    list_display = ["serial_number", "product_key", "label", "licence", "account", "state",
                    "created_at"]  # fmt: skip
    list_filter = ["state"]
    list_select_related = ["licence", "account"]
    search_fields = ["label", "licence__name", "account__name", "last_four__exact"]
    search_help_text = "Serial number, account, licence, label or the last four characters"
    serial_number_lookup = "serial_number"
    fields = ["account", "licence", "label", "serial_number", "product_key", "state",
              "superseded_at", "supersedes", "revoked_at", "created_at", "created_by",
              "used_widely", "machines", "stragglers"]  # fmt: skip
    readonly_fields = ["product_key", "created_at", "used_widely", "machines", "stragglers"]
    kind = key_acts.KIND

    @admin.display(description="product key")
    def product_key(self, key: ProductKey) -> str:
        return f"••••{key.last_four}"

    @admin.display(description="used widely")
    def used_widely(self, key: ProductKey) -> str:
        new = number_of(sightings.new_machines(key), "new machine")
        if sightings.is_used_widely(key):
            return f"Yes: {new} in 7 days, far more than before. It may have leaked."
        return f"No: {new} in 7 days."

    @admin.display(description="machines, 30 days")
    def machines(self, key: ProductKey) -> SafeString | str:
        return listed(sightings.machines(key, since=sightings.RECENT), key)

    @admin.display(description="still on this key")
    def stragglers(self, key: ProductKey) -> SafeString | str:
        if key.state == KeyState.ACTIVE:
            return "It has not been replaced."
        return listed(sightings.stragglers(key), key)


def listed(seen: list[Sighting], key: ProductKey) -> SafeString | str:
    """The machines, who used each last and when, as a list."""
    if not seen:
        return "None"
    shown = [
        (one.machine_name, one.username, moment(one.last_seen_at, key.account))
        for one in seen[:MOST_MACHINES]
    ]
    rows = format_html_join("", "<li>{}: {}, {}</li>", shown)
    return format_html("{}<ul>{}</ul>", number_of(len(seen), "machine"), rows)
