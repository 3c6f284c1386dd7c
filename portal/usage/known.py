"""What is known of licences before their use is read: their limits, and which hours are final."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery

from licensing.models import LateFact, Licence, LimitChange, UseCounted
from licensing.usage.limits import merged
from licensing.usage.roll_up import final_until, oldest_kept
from licensing.usage.values import Limit


class Known(NamedTuple):
    """A licence's limits, and until when its roll-up is what the facts say."""

    final: dt.datetime
    limits: list[Limit]

    def seats_before(self, moment: dt.datetime) -> int | None:
        """How many seats there were just before a moment."""
        return next((at.seats for at in reversed(self.limits) if at.start < moment), None)


def known_of(
    licences: Iterable[Licence | int], since: dt.datetime, now: dt.datetime
) -> dict[int, Known]:
    """What is known of each licence, by one statement: rows are read from ``since`` until final,
    and facts from then on, as far as they are kept.
    """
    first = max(since, oldest_kept(now))
    found: dict[int, Known] = defaultdict(lambda: Known(first, []))
    for licence, (*rows,) in groupby(changes(licences), key=lambda row: row[0]):
        *_, counted, late = rows[0]
        final = max(first, final_until(counted, late)) if counted else first
        limits = merged((begun, seats) for _licence, begun, seats, *_ in rows)
        found[licence] = Known(final, list(limits))
    return found


def changes(licences: Iterable[Licence | int]) -> QuerySet[LimitChange, tuple[Any, ...]]:
    """Every limit of the licences, with what says until when their roll-up is final."""
    counted = UseCounted.objects.filter(licence=OuterRef("licence")).values("until")
    late = LateFact.objects.filter(licence=OuterRef("licence")).order_by("since")
    of_licences = LimitChange.objects.filter(licence__in=licences, feature=None)
    told = of_licences.annotate(
        counted=Subquery(counted[:1]), late=Subquery(late.values("since")[:1])
    )
    fields = ("licence", "since", "seats", "counted", "late")
    return told.order_by("licence_id", "since", "pk").values_list(*fields)
