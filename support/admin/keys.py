"""Product keys: masked here, always."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from licensing import sightings
from licensing.models import ProductKey
from licensing.models.keys import KeyState
from licensing.sightings import Sighting
from portal.licences.keys import is_in_overlap
from support.acts import keys as key_acts
from support.acts.hand_over import hand_over
from support.admin.act_pages import ActAdmin
from support.admin.states import coloured
from support.words import moment, number_of

MOST_MACHINES = 100


@admin.register(ProductKey)
class ProductKeyAdmin(ActAdmin):
    """Serial numbers, and the state of their product keys."""

    list_display = ["serial_number", "account", "licence", "label", "shown_state", "product_key",
                    "created_at"]  # fmt: skip
    list_filter = ["state"]
    list_select_related = ["licence", "account"]
    search_fields = ["label", "licence__name", "account__name", "last_four__iexact"]
    search_help_text = "Serial number, account, licence, label or the last four characters"
    own_names = ("label__holds", "last_four__iexact")
    serial_number_lookup = "serial_number"
    fields = ["account", "licence", "label", "serial_number", "product_key", "standing",
              "hand_over", "created_at", "created_by", "used_widely", "machines",
              "stragglers"]  # fmt: skip
    readonly_fields = ["product_key", "standing", "hand_over", "created_at", "used_widely",
                       "machines", "stragglers"]  # fmt: skip
    kind = key_acts.KIND

    @admin.display(description="product key")
    def product_key(self, key: ProductKey) -> str:
        return f"••••{key.last_four}"

    @admin.display(description="state", ordering="state")
    def shown_state(self, key: ProductKey) -> SafeString:
        return coloured(key.state, key.get_state_display())

    @admin.display(description="state", ordering="state")
    def standing(self, key: ProductKey) -> str:
        return in_words(key)

    @admin.display(description="hand-over")
    def hand_over(self, key: ProductKey) -> SafeString | str:
        """Which key takes the place of which, and how far its machines have come."""
        new = ProductKey.objects.filter(supersedes=key).first()
        if new is None and key.supersedes is None:
            return f"It replaces no key, and none replaces it. {hand_over(key.account)}"
        old = key if new else key.supersedes
        assert old  # one of the two
        return format_html(
            "{} replaces {}. {} {} {}", link_to(new or key), link_to(old), in_words(old),
            still_to_move(old), hand_over(key.account),
        )  # fmt: skip

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


def in_words(key: ProductKey) -> str:
    """Active, superseded or revoked: since when, and whether it starts the program still."""
    if key.state == KeyState.REVOKED:
        at = f" on {moment(key.revoked_at, key.account)}" if key.revoked_at else ""
        return f"Revoked{at}: it starts the program no more."
    if key.state == KeyState.ACTIVE or key.superseded_at is None:
        return "Active"
    at = moment(key.superseded_at, key.account)
    if is_in_overlap(key):
        return f"Superseded, not revoked: it starts the program until {at}."
    return f"Superseded, not revoked: it starts the program no more since {at}."


def still_to_move(old: ProductKey) -> str:
    """How many machines have not been seen on the key that replaced this one."""
    if not sightings.machines(old, since=sightings.RECENT):
        return "No machine used the old key in 30 days."
    left = len(sightings.stragglers(old))
    if not left:
        return "Every machine of the last 30 days was seen on the new one."
    return f"{number_of(left, 'machine')} of the last 30 days not seen on the new one yet."


def link_to(key: ProductKey) -> SafeString:
    """The key's serial number, leading to its record."""
    address = reverse("admin:licensing_productkey_change", args=[key.pk])
    return format_html('<a href="{}">{}</a>', address, key)


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
