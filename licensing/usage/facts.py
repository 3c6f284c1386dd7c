"""The facts of a range, from their tables: holds, limits and denials of a licence or feature."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from django.db.models import Subquery

from licensing import clock
from licensing.identity import as_compared
from licensing.models import Denial as DenialRow
from licensing.models import Licence, LicenceFeature
from licensing.models.denials import FOLLOWED_FOR, seats_after
from licensing.usage import holds, limits
from licensing.usage.demand import Want, demand
from licensing.usage.values import Denial, Hold, Limit

type Pool = Licence | LicenceFeature
"""Seats that are held and limited: a licence's, or those of a limited feature of it."""


class Facts(NamedTuple):
    """Each in order; holds and denials are read as they are asked for, and only once."""

    holds: Iterable[Hold]
    limits: Sequence[Limit]
    denials: Iterable[Denial]


def read(pool: Pool, since: dt.datetime, until: dt.datetime) -> Facts:
    """What is known of a range. A seat that is still held is held until now."""
    return Facts(held(pool, since, until), limited(pool, since, until), refused(pool, since, until))


def held(pool: Pool, since: dt.datetime, until: dt.datetime) -> Iterator[Hold]:
    """The holds that overlap the range, in the order of their starts."""
    return holds.to_sweep(pool, since, until, now=clock.database_time())


def demands(
    licences: Collection[Licence], since: dt.datetime, until: dt.datetime
) -> dict[int, list[Want]]:
    """Who held a seat or waited for one, of many licences at once, by their ids."""
    refused: defaultdict[int, list[Denial]] = defaultdict(list)
    for pk, denial in refusals(licences, since, until):
        refused[pk].append(denial)
    now = clock.database_time()
    held = {
        pk: [hold.over_by(max(now, hold.start)) for hold in of_one]
        for pk, of_one in holds.of_licences(licences, since, until)
    }
    return {one.pk: demand(held.get(one.pk, []), refused[one.pk]) for one in licences}


def limited(pool: Pool, since: dt.datetime, until: dt.datetime) -> list[Limit]:
    """The limits of the range, in order."""
    if isinstance(pool, LicenceFeature):
        return limits.of_feature(pool, since, until)
    return limits.of_licence(pool, since, until)


def refused(pool: Pool, since: dt.datetime, until: dt.datetime) -> Iterator[Denial]:
    """Who was refused, in the order of their first tries: those who tried in the range, or began
    an hour before it.

    Which feature was full is not written down, so a feature has none of its own.
    """
    of_licence = [] if isinstance(pool, LicenceFeature) else [pool]
    return (denial for _licence, denial in refusals(of_licence, since, until))


def refusals(
    licences: Iterable[Licence], since: dt.datetime, until: dt.datetime
) -> Iterator[tuple[int, Denial]]:
    """As ``refused``, of many licences at once: each with its licence's id."""
    rows = DenialRow.every.filter(
        licence__in=licences, last_at__gte=since - FOLLOWED_FOR, first_at__lt=until
    )
    told = rows.with_class().annotate(
        seat_at=Subquery(seats_after(FOLLOWED_FOR).values("started_at")[:1])
    )
    fields = "first_at", "last_at", "username", "machine_name", "seat_at", "denial_class"
    for licence, first, last, user, machine, *rest in (
        told.order_by("first_at", "pk").values_list("licence", *fields).iterator()
    ):
        yield licence, Denial(first, last, as_compared(user), as_compared(machine), *rest)
