"""Where a product key is used: machines, since when, and who is still on an old key.

Read from the sessions that each key opened; nothing is written for it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from licensing.models import Account, ClientSession, Licence, ProductKey
from licensing.models.keys import KeyState

RECENT = dt.timedelta(days=30)
WEEK = dt.timedelta(days=7)
EARLIER_WEEKS = 8
FEWEST_NEW_MACHINES = 5
COLUMNS = (
    "machine", "last_machine_name", "last_username", "first_seen_at", "last_seen_at", "running",
)  # fmt: skip
UNUSUAL = 3
"""A key is used widely when so many times the usual number of new machines appear in a week."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A machine that a key was used on; ``running`` counts its sessions that are active now."""

    machine: str
    machine_name: str
    username: str
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    running: int


def machines(key: ProductKey, *, since: dt.timedelta | None = None) -> list[Sighting]:
    """Every machine this key was used on, last seen first; with ``since``, seen within it."""
    seen = (
        opened_with(key)
        .order_by()
        .values("machine")
        .annotate(
            last_machine_name=Max("machine_name"),
            last_username=Max("username"),
            first_seen_at=Min("started_at"),
            last_seen_at=Max("refreshed_at"),
            running=Count("pk", filter=Q(ended_at=None)),
        )
        .order_by("-last_seen_at")
    )
    if since:
        seen = seen.filter(last_seen_at__gt=Now() - since)
    return [Sighting(*row) for row in seen.values_list(*COLUMNS)]


def opened_with(key: ProductKey) -> QuerySet[ClientSession]:
    """The key's sessions, those too that its successor took over while they were open.

    A program that asks with the new key keeps the session that it has; that this one was opened
    with the old key shows in its beginning before there was the new.
    """
    both = ProductKey.objects.filter(Q(pk=key.pk) | Q(supersedes=key)).values("pk")
    is_taken_over = Q(started_at__lt=F("key__created_at"))
    return ClientSession.every.filter(Q(key=key) | is_taken_over, key__in=both)


@dataclass(frozen=True, slots=True)
class KeyUse:
    """The machines that a key was used on, as compared: ever, in 30 days, in seven."""

    ever: frozenset[str] = frozenset()
    of_late: frozenset[str] = frozenset()
    this_week: frozenset[str] = frozenset()


def use_of_keys(licence: Licence) -> dict[int, KeyUse]:
    """The use of each key of a licence that was used at all, by the key's id; one query.

    As in ``opened_with``, a session that was taken over counts for both keys.
    """
    sessions = ClientSession.every.filter(licence=licence).order_by()
    told = sessions.annotate(is_taken_over=Q(started_at__lt=F("key__created_at")))
    rows = told.values_list("key", "key__supersedes", "is_taken_over", "machine")
    seen = rows.annotate(
        of_late=Count("pk", filter=Q(refreshed_at__gt=Now() - RECENT)),
        this_week=Count("pk", filter=Q(refreshed_at__gt=Now() - WEEK)),
    )
    by_key = defaultdict(list)
    for key_id, replaced_id, is_taken_over, *use in seen:
        by_key[key_id].append(use)
        if is_taken_over and replaced_id:
            by_key[replaced_id].append(use)
    return {
        key_id: KeyUse(
            ever=frozenset(machine for machine, _, _ in uses),
            of_late=frozenset(machine for machine, of_late, _ in uses if of_late),
            this_week=frozenset(machine for machine, _, this_week in uses if this_week),
        )
        for key_id, uses in by_key.items()
    }


def replacements(key: ProductKey, of_licence: Iterable[ProductKey]) -> list[ProductKey]:
    """The keys that a key was replaced by: its successor, that one's, and so on.

    A key that was added beside it, however late, replaces nothing: a machine that has such a
    one still stops when the old key does.
    """
    successors = {other.supersedes_id: other for other in of_licence if other.supersedes_id}
    found: list[ProductKey] = []
    while key.pk in successors:
        key = successors[key.pk]
        found.append(key)
    return found


def stragglers(old: ProductKey) -> list[Sighting]:
    """The machines seen on a replaced key in 30 days, and on none that replaced it."""
    newer = replacements(old, ProductKey.objects.filter(licence=old.licence_id))
    moved_on = ClientSession.every.filter(key__in=newer).values_list("machine", flat=True)
    on_new_key = set(moved_on)
    return [seen for seen in machines(old, since=RECENT) if seen.machine not in on_new_key]


def listed(key: ProductKey) -> list[Sighting]:
    """The machines of a key that matter: of a replaced one, those that need the new one yet."""
    if key.state == KeyState.SUPERSEDED:
        return stragglers(key)
    return machines(key, since=RECENT)


def new_machines(key: ProductKey) -> int:
    """How many machines first used the key in the last seven days."""
    return first_seen(key, within=WEEK)


def first_seen(key: ProductKey, *, within: dt.timedelta, before: dt.timedelta | None = None) -> int:
    """How many machines first used the key within this time, and before that one."""
    firsts = (
        ClientSession.every.filter(key=key)
        .order_by()
        .values("machine")
        .annotate(first=Min("started_at"))
    )
    firsts = firsts.filter(first__gt=Now() - within)
    if before:
        firsts = firsts.filter(first__lte=Now() - before)
    return firsts.count()


def is_used_widely(key: ProductKey) -> bool:
    """Whether unusually many new machines use the key: a sign that it has leaked.

    Five or more in a week, and over three times the weekly mean of the eight weeks
    before. A key younger than a week is being rolled out, and is never flagged.
    """
    if ProductKey.objects.filter(pk=key.pk, created_at__gt=Now() - WEEK).exists():
        return False
    new = new_machines(key)
    earlier = first_seen(key, within=WEEK * (EARLIER_WEEKS + 1), before=WEEK)
    return new >= FEWEST_NEW_MACHINES and new > UNUSUAL * earlier / EARLIER_WEEKS


def used_widely(account: Account) -> list[tuple[ProductKey, int]]:
    """The account's keys that ``is_used_widely``, each with its new machines of seven days."""
    return widely_used_of(ProductKey.objects.filter(account=account))


def widely_used_of(found_keys: QuerySet[ProductKey]) -> list[tuple[ProductKey, int]]:
    """Those of these keys that ``is_used_widely``, each with its new machines of seven days.

    Two queries however many keys there are; two more only where those find some. The keys are
    named one by one: by a subquery the planner takes them for a share of all sessions, and reads
    all of those.
    """
    keys = found_keys.filter(created_at__lte=Now() - WEEK)
    old_enough = list(keys.order_by().values_list("pk", flat=True))
    earlier = ClientSession.every.filter(
        key=OuterRef("key"), machine=OuterRef("machine"), started_at__lte=Now() - WEEK
    )
    new = (
        ClientSession.every.filter(key__in=old_enough, started_at__gt=Now() - WEEK)
        .exclude(Exists(earlier))
        .order_by()
        .values_list("key")
        .annotate(machines=Count("machine", distinct=True))
        .filter(machines__gte=FEWEST_NEW_MACHINES)
    )
    found = dict(new)
    usual = usual_new_machines(found)
    wide = [pk for pk, machines in found.items() if machines > UNUSUAL * usual[pk]]
    return [(key, found[key.pk]) for key in keys.filter(pk__in=wide)] if wide else []


def usual_new_machines(keys: Iterable[int]) -> dict[int, float]:
    """How many machines first used each key in a week, on average over the eight before."""
    usual = dict.fromkeys(keys, 0.0)
    if usual:
        firsts = ClientSession.every.filter(key__in=usual).order_by().values("key", "machine")
        firsts = firsts.annotate(first=Min("started_at")).filter(
            first__gt=Now() - WEEK * (EARLIER_WEEKS + 1), first__lte=Now() - WEEK
        )
        for key, times in Counter(firsts.values_list("key", flat=True)).items():
            usual[key] = times / EARLIER_WEEKS
    return usual
