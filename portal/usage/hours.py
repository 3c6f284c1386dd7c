"""The hours of several licences: from their roll-ups as far as those are final, else from facts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.db.models import Field, Q, QuerySet, Sum
from django.utils import timezone

from licensing import clock
from licensing.models import Licence, UseOfHour
from licensing.models.use_of_hours import QUARTERS
from licensing.usage import facts, holds
from licensing.usage.roll_up import hour_from
from licensing.usage.summing import WholeHours
from licensing.usage.sweep import Hour, hours, peaks_together
from licensing.usage.values import QUARTER, Denial, Hold, end_of_hour, hour_of
from portal.usage.known import known_of

SUMMED = (*QUARTERS, "seat_seconds", "seconds_at_limit", "true_denials")


class LicenceHour(NamedTuple):
    """An hour in which somebody used a licence or was refused it."""

    licence: Licence
    hour: Hour


@dataclass(slots=True)
class Use:
    """An hour of several licences together.

    ``quarters`` are the most seats at once: exact where it is read from facts; where it is
    rolled up the peaks of each licence are added up.
    """

    quarters: list[int] = field(default_factory=lambda: [0] * len(QUARTERS))
    seat_seconds: float = 0.0
    full_seconds: float = 0.0
    true_denials: int = 0

    def add(self, hour: Hour) -> None:
        """Add what is counted of the hour of one more licence, but its peaks."""
        self.seat_seconds += hour.seat_seconds
        self.full_seconds += hour.seconds_at_limit
        self.true_denials += hour.true_denials


class Hours:
    """The hours of some licences that a range touches, but idle ones and those to come."""

    def __init__(self, licences: Sequence[Licence], since: dt.datetime, until: dt.datetime) -> None:
        self.licences, self.since = {one.pk: one for one in licences}, hour_of(since)
        until = min(until, timezone.now())
        self.until = end_of_hour(until) if since < until else self.since
        self.known = known_of(self.licences, self.since, timezone.now())
        self.final = {pk: self.known[pk].final for pk in self.licences}

    def together(self, but: WholeHours | None = None) -> dict[dt.datetime, Use]:
        """Those of all licences added up, by their starts and in their order.

        ``but`` are hours that are left out.
        """
        stored = self.stored()
        if but:
            stored = stored.filter(Q(hour__gte=but.until) | Q(hour__in=but.odd))
        summed = stored.order_by().values_list("hour").annotate(*map(sum_of, SUMMED))
        found = {hour: Use([a, b, c, d], *others) for hour, a, b, c, d, *others in summed}
        for _licence, hour in self.live(self.until):
            found.setdefault(hour.start, Use()).add(hour)
        for start, level in self.peaks_of_live().items():
            if level:
                found[hour_of(start)].quarters[(start - hour_of(start)) // QUARTER] += level
        return dict(sorted(found.items()))

    def peaks_of_live(self) -> dict[dt.datetime, int]:
        """The most seats that were held at once in each quarter, of all that is not final yet."""
        held = (
            [hold._replace(start=max(hold.start, self.final[pk])) for hold in of_one]
            for pk, of_one in self.held.items()
        )
        return peaks_together(held, self.live_since, self.until)

    def first(self, number: int | None = None, after: tuple[dt.datetime, int] | None = None
    ) -> list[LicenceHour]:  # fmt: skip
        """So many hours of single licences, by start and licence; those after a place."""
        stored = self.stored().order_by("hour", "licence_id")
        if after:
            start, licence = after
            stored = stored.filter(Q(hour__gt=start) | Q(hour=start, licence__gt=licence))
        rows = [self.told(row) for row in stored[:number]]
        is_full = number is not None and len(rows) == number
        until = end_of_hour(rows[-1].hour.start + dt.timedelta(hours=1)) if is_full else self.until
        live = [found for found in self.live(until) if after is None or place_of(found) > after]
        return sorted([*rows, *live], key=place_of)[:number]

    def full(self) -> list[LicenceHour]:
        """Those in which a licence was full for a time."""
        rows = self.stored().filter(seconds_at_limit__gt=0)
        found = [*map(self.told, rows), *self.live(self.until)]
        return [one for one in found if one.hour.seconds_at_limit]

    def told(self, row: UseOfHour) -> LicenceHour:
        """The hour of a row."""
        return LicenceHour(self.licences[row.licence_id], hour_from(row))

    def stored(self) -> QuerySet[UseOfHour]:
        """The rows that are final."""
        final = Q(pk=None)
        for licence, until in self.final.items():
            final |= Q(licence=licence, hour__lt=until)
        in_range = UseOfHour.objects.filter(hour__gte=self.since, hour__lt=self.until)
        return in_range.filter(final, feature=None)

    def live(self, until: dt.datetime) -> Iterator[LicenceHour]:
        """The hours of each licence that are not final yet, from its facts."""
        until = min(until, self.until)
        for pk, licence in self.licences.items():
            held, refused = self.held.get(pk, []), self.refused.get(pk, [])
            began = [*(hold.start for hold in held[:1]), *(tried.first for tried in refused[:1])]
            since = max(self.final[pk], hour_of(min(began, default=until)))
            if since >= until:
                continue
            for hour in hours(held, self.known[pk].limits, refused, since, until):
                if not hour.is_idle:
                    yield LicenceHour(licence, hour)

    @property
    def live_since(self) -> dt.datetime:
        """From when on anything is not final; the end if everything is until then."""
        return min([self.until, *self.final.values()])

    @cached_property
    def held(self) -> dict[int, list[Hold]]:
        """Who held a seat of each licence in hours that are not final yet."""
        if self.live_since >= self.until:
            return {}
        now = clock.database_time()
        return {
            pk: [
                hold.over_by(max(now, hold.start))
                for hold in held
                if hold.end is None or hold.end > self.final[pk]
            ]
            for pk, held in holds.of_licences(self.licences.values(), self.live_since, self.until)
        }

    @cached_property
    def refused(self) -> dict[int, list[Denial]]:
        """Who was refused a seat of each licence in hours that are not final yet."""
        if self.live_since >= self.until:
            return {}
        found: dict[int, list[Denial]] = defaultdict(list)
        for pk, denial in facts.refusals(self.licences.values(), self.live_since, self.until):
            found[pk].append(denial)
        return found


def sum_of(figure: str) -> Sum:
    """The sum of a figure, as PostgreSQL tells it: Django would look at each of thousands."""
    return Sum(figure, output_field=Field())


def place_of(found: LicenceHour) -> tuple[dt.datetime, int]:
    """What the hours of several licences are in order of."""
    return found.hour.start, found.licence.pk
