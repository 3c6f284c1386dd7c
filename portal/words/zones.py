"""In whose time zone times are told: the person's own, else the account's, else the default."""

from __future__ import annotations

import functools
import zoneinfo
from contextlib import AbstractContextManager
from importlib import resources

from django.db import transaction
from django.utils import timezone

from licensing import audit
from licensing.models import Account
from portal.models import User


def of(user: User | None, account: Account | None) -> zoneinfo.ZoneInfo | None:
    """The zone in which this person reads times; None leaves the default."""
    name = (user.time_zone if user else "") or (account.time_zone if account else "")
    return zoneinfo.ZoneInfo(name) if name else None


def of_account(account: Account) -> AbstractContextManager[None]:
    """The account's own zone, for what is read by nobody in particular."""
    return timezone.override(zoneinfo.ZoneInfo(account.time_zone))


def for_mail(email: str, account: Account | None) -> AbstractContextManager[None]:
    """The zone in which times are told in a mail to this address; it may be about an account."""
    person = User.objects.filter(email__iexact=email).first()
    if person and account is None:
        membership = person.memberships.select_related("account").first()
        account = membership.account if membership else None
    return timezone.override(of(person, account))


@functools.cache
def places() -> list[str]:
    """The zones of the world's places, each under the name that it has now."""
    table = (resources.files("tzdata.zoneinfo") / "zone.tab").read_text()
    return sorted(line.split("\t")[2] for line in table.splitlines() if not line.startswith("#"))


def choices(chosen: str = "") -> list[tuple[str, str]]:
    """UTC and the zones of the world's places, by name; ``chosen`` too if it has another now."""
    older = [chosen] if chosen and chosen not in ("UTC", *places()) else []
    return [(name, name.replace("_", " ")) for name in ["UTC", *older, *places()]]


@transaction.atomic
def set_of_account(account: Account, name: str, *, by: audit.Actor, reason: str = "") -> bool:
    """Let the account's days begin and end in another zone; False when it is theirs already."""
    locked = Account.objects.locked(account.pk)
    before = locked.time_zone
    if before == name:
        return False
    locked.time_zone = name
    locked.full_clean(validate_unique=False, validate_constraints=False)
    locked.save(update_fields=["time_zone"])
    audit.record(locked, "time_zone_changed", by=by, reason=reason, before=before, after=name)
    return True
