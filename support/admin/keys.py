"""Product keys: masked here, always."""

from __future__ import annotations

from django.contrib import admin

from licensing import keys, sessions
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import ProductKey
from support.admin.acts import Act, ActAdmin

PERMISSION = "licensing.change_productkey"


def revoke(key: ProductKey, *, by: Actor, reason: str) -> str:
    """Revoke the key; return what to tell."""
    try:
        keys.revoke(key, by=by, reason=reason)
    except InvalidOperation as refusal:
        raise InvalidOperation(f"{key}: {refusal}") from refusal
    return f"Revoked {key}."


def end_sessions(key: ProductKey, *, by: Actor, reason: str) -> str:
    """End the key's sessions; return what to tell."""
    return f"{key}: sessions ended: {sessions.end_sessions_of_key(key, by=by, reason=reason)}."


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
              "superseded_at", "supersedes", "revoked_at", "created_at", "created_by"]  # fmt: skip
    readonly_fields = ["product_key", "created_at"]
    acts = (
        Act(
            name="revoke",
            label="Revoke",
            effects="Nobody starts the program with this key any more. Open programs go on.",
            permission=PERMISSION,
            run=revoke,
        ),
        Act(
            name="end-sessions",
            label="End its sessions",
            effects="The seats are free at once. The programs stay open; to start again they "
            "need a key that is not revoked.",
            permission=PERMISSION,
            run=end_sessions,
        ),
    )

    @admin.display(description="product key")
    def product_key(self, key: ProductKey) -> str:
        return f"••••{key.last_four}"
