"""The details of an entry, without what may be secret."""

from __future__ import annotations

from typing import Any

LAST_CHARACTERS = 4
SECRETS = ("product_key", "token", "secret", "password")
"""What a detail's name contains whose value is cut to its last four characters."""


def without_secrets(details: dict[str, Any]) -> dict[str, Any]:
    """An entry's details, before first; of what may be secret only the last four characters."""
    names = sorted(details, key=lambda name: (name != "before", name))
    return {name: cut(details[name]) if is_secret(name) else details[name] for name in names}


def is_secret(name: str) -> bool:
    return any(word in name for word in SECRETS)


def cut(value: Any) -> str:
    return f"…{str(value)[-LAST_CHARACTERS:]}"
