"""What a refusal tells besides its code: what is full and until when, and whom to ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db import transaction
from django.db.models import Min, Q
from django.utils.text import format_lazy

from licensing import audit, clock, errors
from licensing.models import Account, ClientSession, FeatureSeat, Licence, LicenceFeature
from licensing.models.licences import NEVER_STALE
from licensing.models.sessions import EndReason, ago

MOST_HOLDERS = 10


def pool_exhausted(
    licence: Licence, *, in_use: int, next_reclaim_at: dt.datetime | None
) -> errors.PoolExhausted:
    """The refusal of a licence whose seats are all held.

    No seat of it comes back by itself before ``next_reclaim_at``; None if none does at all.
    """
    return errors.PoolExhausted(
        scope="licence",
        features=[],
        seats=licence.seats,
        in_use=in_use,
        next_reclaim_at=next_reclaim_at and licence.account.local(next_reclaim_at),
        **holders_of(licence),
    )


def features_exhausted(licence: Licence, full: Sequence[LicenceFeature]) -> errors.PoolExhausted:
    """The refusal of a locked licence for want of these limited features; figures of the first."""
    held = FeatureSeat.objects.filter(licence_feature=full[0], session__isnull=False)
    next_reclaim_at = held.aggregate(at=Min("session__reclaim_at"))["at"]
    names = ", ".join(str(included.feature) for included in full)
    return errors.PoolExhausted(
        format_lazy(errors.PoolExhausted.of_features, features=names),
        scope="feature",
        features=[included.feature.code for included in full],
        seats=full[0].seats,
        in_use=held.count(),
        next_reclaim_at=next_reclaim_at and licence.account.local(next_reclaim_at),
        **holders_of(licence, feature_seats__licence_feature=full[0]),
    )


def earliest_reclaim(*no_seat_before: dt.datetime | None) -> dt.datetime | None:
    """Before when no seat of a full pool comes back by itself; None if none does.

    It is told from what the licence remembers, for a look at 10,000 sessions would make
    each refusal slow; a session that has refreshed since keeps its seat for longer.
    """
    known = [at for at in no_seat_before if at is not None and at < NEVER_STALE]
    return min(known, default=None)


def holders_of(licence: Licence, **held: Any) -> dict[str, Any]:
    """Who holds seats of a licence, or what else is ``held``, where the account's owners let it
    be told; nothing is looked at where they do not.

    First those who are in touch, for they can be asked to close the program; of them those
    who have had their seats longest.
    """
    if not licence.account.shows_holders:
        return {}
    people = licence.sessions.active().filter(**held).order_by().values("person")
    named = people.annotate(
        name=Min("username"),
        is_in_touch=BoolOr(Q(refreshed_at__gt=ago(3))),
        since=Min("started_at"),
    ).order_by("-is_in_touch", "since")
    return {"holders": list(named.values_list("name", flat=True)[:MOST_HOLDERS])}


def ended(session: ClientSession) -> errors.LicensingError:
    """What its client hears of a session that is over."""
    ended_at = session.licence.account.local(session.ended_at or clock.database_time())
    if session.end_reason == EndReason.RELEASED:
        return errors.SessionReleased(ended_at=ended_at)
    return errors.SessionEnded(reason=session.end_reason or EndReason.CLOSED, ended_at=ended_at)


@contextmanager
def about(account: Account) -> Iterator[None]:
    """Let each refusal from here say whom to ask, if the account's owners wrote it down.

    The log is told whose it is.

    A mistake of the program's is none of theirs.
    """
    try:
        yield
    except errors.RequestInvalid:
        raise
    except errors.LicensingError as refusal:
        refusal.account_id = account.pk
        if account.contact:
            refusal.extra["contact"] = account.contact
        raise


@transaction.atomic
def tell(
    account: Account, *, contact: str, shows_holders: bool, by: audit.Actor, reason: str = ""
) -> bool:
    """Let refused people read whom to ask, and who holds the seats; False if it is so already.

    The audit record says that the contact changed, not what it says.
    """
    locked = Account.objects.locked(account.pk)
    before, locked.contact = locked.contact, contact
    told_before, locked.shows_holders = locked.shows_holders, shows_holders
    locked.save(update_fields=["contact", "shows_holders"])
    if contact != before:
        audit.record(locked, "refusal_contact_changed", by=by, reason=reason)
    if shows_holders != told_before:
        audit.record(locked, "holders_named_changed", by=by, reason=reason, named=shows_holders)
    return (contact, shows_holders) != (before, told_before)
