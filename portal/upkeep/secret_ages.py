"""How old the service's own secrets are, by when each was first seen. Beat has them looked at."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from typing import NamedTuple

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from portal.models import KnownSecret

LISTS = ("LEASE_SIGNING_KEYS", "PRODUCT_KEY_ENCRYPTION_KEYS")


class Aged(NamedTuple):
    """A secret: its setting, its place there from 1, and how long ago it was first seen."""

    setting: str
    place: int
    age: dt.timedelta


def in_force() -> dict[tuple[str, str], int]:
    """The place of each secret in its setting, by setting and mark."""
    secrets = {name: list(getattr(settings, name)) for name in LISTS}
    secrets["SECRET_KEY"] = [settings.SECRET_KEY]
    secrets["PRODUCT_KEY_DIGEST_KEY"] = [settings.PRODUCT_KEY_DIGEST_KEY]
    return {
        (name, mark(name, secret)): place
        for name, held in secrets.items()
        for place, secret in enumerate(held, start=1)
    }


def mark(name: str, secret: str) -> str:
    """What a secret is known by. It is of no use to whoever reads it."""
    key = settings.PRODUCT_KEY_DIGEST_KEY.encode()
    return hmac.new(key, f"age of {name}: {secret}".encode(), hashlib.sha256).hexdigest()


def note() -> None:
    """Write down those that were never seen before."""
    new = in_force().keys() - set(KnownSecret.objects.values_list("setting", "mark"))
    KnownSecret.objects.bulk_create(
        [KnownSecret(setting=name, mark=mark) for name, mark in sorted(new)], ignore_conflicts=True
    )


def ages() -> list[Aged]:
    """How old each is that is in force and was seen, by setting and place."""
    places = in_force()
    seen = KnownSecret.objects.annotate(age=Now() - F("first_seen_at"))
    return sorted(
        Aged(secret.setting, place, secret.age)
        for secret in seen
        if (place := places.get((secret.setting, secret.mark)))
    )
