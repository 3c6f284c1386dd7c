"""Product keys: masked here, always."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString

from licensing.models import ProductKey
from support.admin.act_pages import ActAdmin
from support.admin.states import coloured
from support.console.keys import in_words


@admin.register(ProductKey)
class ProductKeyAdmin(ActAdmin):
    """Serial numbers, and the state of their product keys."""

    list_display = ["serial_number", "account", "licence", "label", "shown_state", "product_key",
                    "created_at"]  # fmt: skip
    list_filter = ["state"]
    list_select_related = ["licence", "account"]
    search_fields = ["label", "licence__name", "account__name", "last_four__iexact"]
    search_help_text = "Serial number, account, licence, label or the last four characters"
    serial_number_lookup = "serial_number"
    fields = ["account", "licence", "label", "serial_number", "product_key", "standing",
              "supersedes", "created_at", "created_by"]  # fmt: skip
    readonly_fields = ["product_key", "standing", "created_at"]

    @admin.display(description="product key")
    def product_key(self, key: ProductKey) -> str:
        return f"••••{key.last_four}"

    @admin.display(description="state", ordering="state")
    def shown_state(self, key: ProductKey) -> SafeString:
        return coloured(key.state, key.get_state_display())

    @admin.display(description="state", ordering="state")
    def standing(self, key: ProductKey) -> str:
        return in_words(key)
