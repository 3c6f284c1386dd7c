"""The roll-up: the figures of each hour, counted once and kept for ever.

It may run late, twice, at once in two places and over any past range: a row is what the
facts say, whenever they are looked at. Facts that are deleted after a time are not asked
for again, and the hours that they tell of stay as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from itertools import batched

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Least

from licensing import clock
from licensing.models import (
    ClientSession,
    Denial,
    LateFact,
    Licence,
    LicenceFeature,
    UseCounted,
    UseOfHour,
)
from licensing.models.denials import DenialClass
from licensing.models.use_of_hours import QUARTERS
from licensing.usage import facts
from licensing.usage.facts import Pool
from licensing.usage.sweep import Hour, hours
from licensing.usage.values import HOUR, end_of_hour, hour_of

SETTLED_AFTER = dt.timedelta(hours=48)
"""Hours of the last two days are not final: pages read the facts themselves."""
AT_ONCE = 1000
"""How many hours are written by one statement."""
REFUSALS = {
    "true_denials": DenialClass.TRUE,
    "transient_denials": DenialClass.TRANSIENT,
    "repeats": DenialClass.REPEAT,
    "policy_refusals": DenialClass.POLICY,
    "entitlement_refusals": DenialClass.ENTITLEMENT,
    "key_refusals": DenialClass.KEY,
}
FIGURES = (
    "peak", *QUARTERS, "seat_seconds", "seconds_at_limit", "seats", "people", "machines", *REFUSALS,
)  # fmt: skip


@transaction.atomic
def roll_up(
    licence: Licence, since: dt.datetime | None = None, until: dt.datetime | None = None
) -> int:
    """Count the hours of a licence that a range touches; return how many.

    Without a range those that are due: what has become final since it was last done, and
    what late facts have changed. Hours that are not over are left out, and those that began
    before the oldest facts that are kept.
    """
    now = clock.database_time()
    settled, oldest = hour_of(now - SETTLED_AFTER), oldest_kept(now)
    counted = lock(licence, at_first=first_use([licence])[licence.pk] or settled)
    late = dict(LateFact.objects.filter(licence=licence).values_list("pk", "since"))

    first = max(hour_of(since or min(counted.until, *late.values(), settled)), oldest)
    last = min(end_of_hour(until), hour_of(now)) if until else settled
    if first >= last:
        return 0
    for pool in (licence, *licence.licence_features.limited()):
        write(pool, hours(*facts.read(pool, first, last), first, last))

    if last >= counted.until:
        done = [pk for pk, since in late.items() if max(hour_of(since), oldest) >= first]
        LateFact.objects.filter(pk__in=done).delete()
    if first <= max(counted.until, oldest):
        counted.until = max(counted.until, min(last, settled))
        counted.save(update_fields=["until"])
    return (last - first) // HOUR


def final_until(counted: dt.datetime, late: dt.datetime | None) -> dt.datetime:
    """Until when the rows are what the facts say: as far as was counted, and told nothing late."""
    return min(counted, hour_of(late or counted))


def oldest_kept(now: dt.datetime) -> dt.datetime:
    """The first hour all of whose facts are kept."""
    return end_of_hour(now - dt.timedelta(days=settings.KEEP_HISTORY_DAYS))


def first_use(licences: Collection[Licence]) -> dict[int, dt.datetime | None]:
    """The hour in which each licence's use begins, by its id; None: nobody has wanted it yet.

    Somebody held a seat for the first time then, or was refused one. No time before counts, as
    idle or otherwise. It is told by the roll-up too, which is kept for longer than facts are.
    """
    of_one = {"licence": OuterRef("pk")}
    sessions = ClientSession.every.filter(**of_one).order_by("started_at").values("started_at")
    denials = Denial.every.filter(**of_one).order_by("first_at").values("first_at")
    of_seats = UseOfHour.objects.filter(**of_one, feature=None)
    counted = of_seats.order_by("feature_id", "hour").values("hour")  # as their index has them
    firsts = (Subquery(rows[:1]) for rows in (sessions, denials, counted))
    found = Licence.objects.filter(pk__in=[licence.pk for licence in licences])
    began = found.annotate(at=Least(*firsts)).order_by().values_list("pk", "at")
    return {licence: at and hour_of(at) for licence, at in began}


def lock(licence: Licence, *, at_first: dt.datetime) -> UseCounted:
    """Until when the licence's use is counted, locked: nobody else counts it meanwhile."""
    UseCounted.objects.get_or_create(licence=licence, defaults={"until": hour_of(at_first)})
    return UseCounted.objects.select_for_update().get(licence=licence)


def write(pool: Pool, hours: Iterable[Hour]) -> None:
    """Make the rows of these hours, which follow each other, what they are now."""
    for some in batched(hours, AT_ONCE):
        rows = [row_of(pool, hour) for hour in some if not hour.is_idle]
        UseOfHour.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["licence", "feature", "hour"],
            update_fields=FIGURES,
        )
        of_range = rows_of(pool).filter(hour__range=(some[0].start, some[-1].start))
        of_range.exclude(hour__in=[row.hour for row in rows]).delete()


def of(pool: Pool) -> dict[str, int | None]:
    """What names the rows of a licence's seats, or of those of a limited feature."""
    if isinstance(pool, LicenceFeature):
        return {"licence_id": pool.licence_id, "feature_id": pool.feature_id}
    return {"licence_id": pool.pk, "feature_id": None}


def rows_of(pool: Pool) -> QuerySet[UseOfHour]:
    """The rows of a licence's seats, or of those of a limited feature."""
    return UseOfHour.objects.filter(**of(pool))


def row_of(pool: Pool, hour: Hour) -> UseOfHour:
    """The row of an hour."""
    return UseOfHour(
        **of(pool),
        hour=hour.start,
        peak=hour.peak,
        **dict(zip(QUARTERS, hour.quarters, strict=True)),
        seat_seconds=hour.seat_seconds,
        seconds_at_limit=hour.seconds_at_limit,
        seats=hour.limit,
        people=hour.people,
        machines=hour.machines,
        **{name: hour.refusals.get(kind, 0) for name, kind in REFUSALS.items()},
    )


def hour_from(row: UseOfHour) -> Hour:
    """The hour of a row."""
    refusals = {kind: getattr(row, name) for name, kind in REFUSALS.items()}
    return Hour(
        row.hour,
        quarters=tuple(getattr(row, name) for name in QUARTERS),
        seat_seconds=row.seat_seconds,
        seconds_at_limit=row.seconds_at_limit,
        limit=row.seats,
        people=row.people,
        machines=row.machines,
        refusals={kind: number for kind, number in refusals.items() if number},
    )
