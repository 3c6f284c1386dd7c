"""Secret addresses: made, shown once, changed, removed, and whose one is."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from licensing import audit, clock
from portal.models import Membership, SecretAddress

type Kind = SecretAddress.Kind

ACTS = {
    SecretAddress.Kind.CALENDAR: "calendar_address",
    SecretAddress.Kind.ALERTS: "alert_feed_address",
}
"""What the record calls each, before what was done with it."""


class Reader(NamedTuple):
    """For whom an address is read, with what they may see by now."""

    membership: Membership
    made_at: datetime


@transaction.atomic
def make(membership: Membership, kind: Kind) -> str:
    """The code of a new address of the person, told once; an earlier one no longer works."""
    code = new_code()
    values = {"digest": digest(code, kind), "made_at": clock.database_time()}
    SecretAddress.objects.update_or_create(
        account=membership.account, person=membership.user, kind=kind, defaults=values
    )
    audit.record(membership, f"{ACTS[kind]}_made", by=membership.user.as_actor)
    return code


@transaction.atomic
def remove(membership: Membership, kind: Kind) -> bool:
    """Nobody reads there any more; False when there was none."""
    found = of(membership, kind)
    if found is None:
        return False
    found.delete()
    audit.record(membership, f"{ACTS[kind]}_removed", by=membership.user.as_actor)
    return True


def of(membership: Membership, kind: Kind) -> SecretAddress | None:
    """The person's address, if they have one."""
    addresses = SecretAddress.objects.filter(kind=kind)
    return addresses.filter(account=membership.account_id, person=membership.user_id).first()


def new_code() -> str:
    """The part of an address that nobody guesses."""
    return secrets.token_urlsafe(32)


def digest(code: str, kind: str) -> bytes:
    """What is stored of an address, useless without the server's secret."""
    key = settings.PRODUCT_KEY_DIGEST_KEY.encode()
    return hmac.digest(key, f"{kind}:{code}".encode(), "sha256")


def find(code: str, kind: Kind) -> Reader | None:
    """Who reads at an address; None when it is none, or they have left."""
    address = SecretAddress.objects.filter(kind=kind, digest=digest(code, kind)).first()
    if address is None:
        return None
    held = Membership.objects.active().filter(account=address.account_id, user=address.person_id)
    membership = held.select_related("account__preferences", "user").first()
    return Reader(membership, address.made_at) if membership else None
