"""Causes of alerts: what is the case now in all accounts, and what was just done in one.

Each is found by one look at what the product keeps anyway: nothing is written for it when a
program checks out, refreshes or closes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Exists, F, Min, OuterRef, QuerySet
from django.db.models.functions import Now

from licensing import sightings
from licensing.clock import database_time
from licensing.models import AuditEntry, ClientSession, Denial, Licence, ProductKey
from licensing.models.denials import PERSON, TRANSIENT
from licensing.models.licences import LicenceState, UsageModel
from licensing.models.sessions import is_out_of_touch
from portal.models import Alert, ApiToken, OffBecause, Role, Visit, Webhook

SHARES = (80, 90, 100)
"""Of a pool's seats, in per cent."""
DAYS = (90, 60, 30, 14, 7, 1)
"""Before a licence ends."""
TOGETHER = dt.timedelta(minutes=15)
"""True denials of so long are told together."""
GOES_ON = dt.timedelta(hours=1)
"""So long after the last of them it is over."""
LOOKED_AT = "alerts.keys_looked_at"
"""The cache's name of when keys that were used on new machines were last looked at."""
LATE = dt.timedelta(minutes=10)
"""So long before that a session may have begun and not have been seen."""
TOKENS_END_WITHIN = dt.timedelta(days=14)
RELEASES_SHOWN_FOR = dt.timedelta(days=1)
BY_THE_VENDOR = ("support", "command")


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Something of which an account's people may want to be told.

    ``opens``: an alert begins with it; else it only keeps one going that is there. Who has a role
    that ``knows`` is told of it by another mail.
    """

    account: int
    key: str
    licence: int | None = None
    threshold: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    since: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    entry: AuditEntry | None = None
    opens: bool = True
    knows: tuple[Role, ...] = ()


def full_pools() -> Iterator[Cause]:
    """Pools whose use has reached a share, once for each share."""
    pools = Licence.objects.filter(usage_model=UsageModel.CONCURRENT, state=LicenceState.ACTIVE)
    used = pools.with_use().alias(hundredfold=F("in_use") * 100)
    for pool in used.filter(hundredfold__gte=F("seats") * min(SHARES)).select_related("account"):
        in_use: int = pool.in_use  # type: ignore[attr-defined] # annotated
        facts = {"in_use": in_use, "seats": pool.seats}
        for share in SHARES:
            if pool.is_usable and in_use * 100 >= pool.seats * share:
                key = f"{pool.pk}:{share}"
                yield of_licence(pool, key=key, threshold=share, facts=facts)


def of_licence(licence: Licence, **more: Any) -> Cause:
    """A cause that is about a licence."""
    return Cause(account=licence.account_id, licence=licence.pk, **more)


def turned_away() -> Iterator[Cause]:
    """Pools that turned people away within the last hour who got no seat soon after.

    That they got none is known after ten minutes; all of the first quarter of an hour are told
    together.
    """
    now = database_time()
    lately = Denial.objects.filter(last_at__gt=now - GOES_ON, first_at__lte=now - TRANSIENT)
    rows = (
        lately.filter(code="pool_exhausted", licence__isnull=False)
        .true()
        .order_by()
        .values_list("account", "licence")
        .annotate(people=Count(PERSON, distinct=True), since=Min("first_at"))
    )
    for account, licence, people, since in rows:
        yield Cause(
            account=account,
            key=str(licence),
            licence=licence,
            facts={"people": people, "since": since.isoformat()},
            since=since,
            opens=since <= now - TOGETHER,
        )


def held_seats() -> Iterator[Cause]:
    """Seats of PCs that were not heard of all through their grace period."""
    held = ClientSession.objects.active().filter(is_out_of_touch(), grace_until__lte=Now())
    for session in held.select_related("licence"):
        facts = {"username": session.username, "machine": session.machine_name}
        yield of_licence(
            session.licence, key=str(session.pk), facts=facts, since=session.refreshed_at
        )


def keys_used_widely() -> Iterator[Cause]:
    """Keys that unusually many new machines use.

    That may have become so with a machine that is new, and have ended where there is an alert.
    """
    now = database_time()
    alerts = Alert.objects.unresolved().filter(event="key_used_widely").values_list("key")
    told = [int(key) for (key,) in alerts]
    looked_at = {*told, *keys_on_new_machines(since_last_look(now))}
    for key, machines in sightings.widely_used_of(ProductKey.objects.filter(pk__in=looked_at)):
        facts = {"machines": machines, "last_four": key.last_four}
        yield Cause(account=key.account_id, licence=key.licence_id, key=str(key.pk), facts=facts)
    cache.set(LOOKED_AT, now, timeout=None)


def since_last_look(now: dt.datetime) -> dt.datetime:
    """Since when sessions may have begun of which no look told.

    The first look of an hour is at the whole week that counts: rules may be new, or on again.
    """
    last = cache.get(LOOKED_AT)
    is_of_this_hour = last and last.hour == now.hour and now - last < dt.timedelta(hours=1)
    return last - LATE if is_of_this_hour else now - sightings.WEEK


def keys_on_new_machines(since: dt.datetime) -> QuerySet[ClientSession, int]:
    """The keys by which a machine has opened its first session since then."""
    before = ClientSession.every.filter(
        key=OuterRef("key"), machine=OuterRef("machine"), started_at__lt=OuterRef("started_at")
    )
    begun = ClientSession.objects.active().filter(started_at__gt=since)
    return begun.exclude(Exists(before)).order_by().values_list("key", flat=True).distinct()


def ending_licences() -> Iterator[Cause]:
    """Licences that end soon, each by the last of the DAYS that it has reached."""
    around = database_time().date()
    ending = Licence.objects.exclude(state=LicenceState.CLOSED).filter(
        ends_on__gte=around - dt.timedelta(days=1),
        ends_on__lte=around + dt.timedelta(days=max(DAYS) + 1),
    )
    for licence in ending.select_related("account"):
        assert licence.ends_on is not None  # it ends soon
        left = (licence.ends_on - licence.today).days
        if 0 <= left <= max(DAYS):
            step = min(days for days in DAYS if days >= left)
            key = f"{licence.pk}:{licence.ends_on}:{step}"
            yield of_licence(licence, key=key, threshold=step, facts={"days": left})


def ending_tokens() -> Iterator[Cause]:
    """API tokens that end within 14 days; their account's owners get a mail of their own."""
    ending = ApiToken.objects.working().filter(ends_at__lte=Now() + TOKENS_END_WITHIN)
    for token in ending:
        facts = {"name": token.name, "ends_at": token.ends_at.isoformat()}
        yield Cause(account=token.account_id, key=str(token.pk), facts=facts, knows=(Role.OWNER,))


def webhooks_off() -> Iterator[Cause]:
    """Webhooks that were turned off because they are of no use; owners get a mail of their own."""
    off = Webhook.objects.kept().of_customers().exclude(off_because__in=["", OffBecause.OWNER])
    for hook in off:
        assert hook.account_id is not None  # it is a customer's
        yield Cause(
            account=hook.account_id,
            key=str(hook.pk),
            facts={"host": str(hook)},
            since=hook.turned_off_at,
            knows=(Role.OWNER,),
        )


def support_views() -> Iterator[Cause]:
    """Accounts that support is viewing; their owners get a mail of their own."""
    return map(of_visit, Visit.objects.going_on().select_related("entry"))


def begun_view(entry: AuditEntry) -> Cause:
    """A view of support's that has just begun; it is told too where it is over by now."""
    return of_visit(Visit.objects.select_related("entry").get(entry=entry))


def of_visit(visit: Visit) -> Cause:
    """A view of an account by somebody of support."""
    return Cause(
        account=visit.account_id,
        key=str(visit.pk),
        facts={"ticket": visit.ticket, "name": visit.entry.actor_name},
        since=visit.began_at,
        knows=(Role.OWNER,),
    )


def released(entry: AuditEntry) -> Cause:
    """A session that somebody released."""
    session = ClientSession.every.filter(pk=entry.object_id).first()
    return of_entry(
        entry, session.licence_id if session else None, ends_at=entry.at + RELEASES_SHOWN_FOR
    )


def reissued(entry: AuditEntry) -> Cause:
    """A product key that was replaced: it is told until the one before starts nothing any more."""
    key = ProductKey.objects.select_related("licence", "supersedes").get(pk=entry.object_id)
    until = (key.supersedes and key.supersedes.superseded_at) or entry.at
    ends_at = max(until, entry.at + RELEASES_SHOWN_FOR)
    return of_entry(entry, key.licence_id, ends_at=ends_at)


def of_entry(entry: AuditEntry, licence: int | None, *, ends_at: dt.datetime) -> Cause:
    """What an entry of the record tells; of what the vendor did, those who look after the account
    get a mail of their own.
    """
    return Cause(
        account=entry.account_id,
        key=str(entry.number),
        licence=licence,
        entry=entry,
        since=entry.at,
        ends_at=ends_at,
        knows=(Role.OWNER, Role.MANAGER) if entry.actor_kind in BY_THE_VENDOR else (),
    )
