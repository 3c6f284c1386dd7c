"""Announcement: how to get into the demo, for people and for ``make demo``."""

from __future__ import annotations

from typing import Any

from licensing import encryption
from licensing.models import ProductKey
from licensing.models.keys import KeyState
from support.demo.estate.accounts import PRINTED_POOL, PRINTED_SINGLE_USER
from support.demo.estate.people import PASSWORD, SIGN_INS


def facts() -> dict[str, Any]:
    """One sign-in for each role, a pool with free seats, and a licence that no device has."""
    return {
        "sign_ins": [
            {"role": role, "email": person.email, "password": PASSWORD}
            for role, person in SIGN_INS.items()
        ],
        "pool": key_facts(*PRINTED_POOL),
        "single_user": key_facts(*PRINTED_SINGLE_USER),
    }


def key_facts(account: str, licence: str) -> dict[str, str]:
    """The serial number and product key that open this licence."""
    key = usable_key(account, licence)
    assert key is not None
    return {"serial_number": key.serial_number, "product_key": product_key(key)}


def usable_key(account: str, licence: str) -> ProductKey | None:
    """The newest key that opens this licence, or None."""
    of_licence = ProductKey.objects.filter(licence__account__name=account, licence__name=licence)
    return of_licence.filter(state=KeyState.ACTIVE).order_by("-pk").first()


def product_key(key: ProductKey) -> str:
    """The product key in plain text. Nobody looked at it, so nothing is recorded."""
    return encryption.decrypt(bytes(key.encrypted))


def in_words(told: dict[str, Any]) -> str:
    """The facts, a line each."""
    lines = [f"{s['role']}: {s['email']}, {s['password']}" for s in told["sign_ins"]]
    for name, title in (("pool", "concurrent pool"), ("single_user", "single-user licence")):
        lines.append(f"{title}: {told[name]['serial_number']}, {told[name]['product_key']}")
    return "\n".join(lines)
