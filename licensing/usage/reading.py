"""The figures of hours as they are told: from the roll-up where it is final, else from facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Min

from licensing import clock
from licensing.models import LateFact, LicenceFeature, UseCounted
from licensing.usage import facts
from licensing.usage.demand import demand
from licensing.usage.facts import Pool
from licensing.usage.roll_up import final_until, hour_from, rows_of
from licensing.usage.sizes import WhatIf, tries, what_if
from licensing.usage.sweep import Hour, hours
from licensing.usage.values import end_of_hour, hour_of
from licensing.usage.working_time import zone_of


def hours_of(pool: Pool, since: dt.datetime, until: dt.datetime) -> Iterator[Hour]:
    """The figures of each hour that the range touches, but those that have not begun.

    An hour that is not over is told as far as it has come.
    """
    since = hour_of(since)
    until = end_of_hour(min(until, clock.database_time()))
    final = max(since, min(rolled_up_until(pool) or since, until))
    if since < final:
        yield from rolled_up(pool, since, final)
    if final < until:
        yield from hours(*facts.read(pool, final, until), final, until)


def rolled_up_until(pool: Pool) -> dt.datetime | None:
    """Until when the rows are what the facts say; None if nothing has been counted."""
    licence = pool.licence_id if isinstance(pool, LicenceFeature) else pool.pk
    counted = UseCounted.objects.filter(licence=licence).values_list("until", flat=True).first()
    late = LateFact.objects.filter(licence=licence).aggregate(at=Min("since"))["at"]
    return counted and final_until(counted, late)


def rolled_up(pool: Pool, since: dt.datetime, until: dt.datetime) -> Iterator[Hour]:
    """The hours of a range by their rows; those that have none were idle."""
    rows = {row.hour: row for row in rows_of(pool).filter(hour__gte=since, hour__lt=until)}
    for idle in hours([], facts.limited(pool, since, until), [], since, until):
        row = rows.get(idle.start)
        yield hour_from(row) if row else idle


def with_seats(
    pool: Pool, sizes: Iterable[int], since: dt.datetime, until: dt.datetime
) -> list[WhatIf]:
    """Whom each of these numbers of seats would have refused, by the facts that are kept."""
    licence = pool.licence if isinstance(pool, LicenceFeature) else pool
    found = facts.read(pool, since, until)
    asked = tries(demand(found.holds, found.denials), since, until)
    zone = zone_of(licence.account)
    return [what_if(asked, seats=seats, zone=zone) for seats in sizes]
