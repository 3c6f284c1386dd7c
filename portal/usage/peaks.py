"""The peaks of an account's licences, day by day, as every page tells them.

Days are those of the account's zone. Hours that are final are read from the roll-up, the
others from who held a seat; so no figure waits for the job that rolls up.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from licensing.models import (
    Account,
    Licence,
    LicenceFeature,
    UseOfHour,
)
from licensing.models.use_of_hours import QUARTERS
from licensing.usage import holds
from licensing.usage.holds import Held
from licensing.usage.sweep import overlaps, peaks_together, steps
from licensing.usage.values import QUARTER, Hold, Span, Step, hour_of, limit_spans
from licensing.usage.working_time import DAY, midnight, zone_of
from portal.usage.known import Known, known_of

type Key = tuple[int, int | None]
"""A licence's id, and that of a limited feature if its seats are meant."""
type Piece = tuple[int, str, Q]
"""A part of an hour: which quarter it begins with, its peak, and what says that it was full."""
A_DAY = dt.timedelta(hours=24)
FULL = Q(seconds_at_limit__gt=0)
IN_WHOLE: list[Piece] = [(0, "peak", FULL)]
IN_QUARTERS: list[Piece] = [
    (number, name, FULL & Q(**{f"{name}__gte": F("seats")})) for number, name in enumerate(QUARTERS)
]


class Day(NamedTuple):
    """``seats`` is the limit as the day ended, or as it is now; None while there was none.

    ``peak`` is None before the licence was first used.
    """

    date: dt.date
    peak: int | None
    seats: int | None
    is_full: bool


class Quarter(NamedTuple):
    """The most seats that were held at once in the quarter of an hour that begins then."""

    start: dt.datetime
    level: int


class Peaks:
    """The peaks of these licences on so many days up to today; of each limited feature named.

    As many statements whatever the number of licences, and one for each feature. ``told`` are
    those whose days are asked for; of the others only what happened in the last two days. ``began``
    is from when on each was in use, where that is known: no day before is told as idle.
    """

    def __init__(
        self,
        account: Account,
        licences: Collection[Licence],
        *,
        days: int,
        told: Collection[Licence] | None = None,
        features: Collection[LicenceFeature] = (),
        began: Mapping[int, dt.datetime | None] | None = None,
    ) -> None:
        self.licences, self.features, self.zone = licences, features, zone_of(account)
        self.began = began or {}
        self.told = licences if told is None else told
        self.now = timezone.now()
        self.today = self.date_of(self.now)
        self.dates = [self.today - DAY * ago for ago in reversed(range(days))]
        self.since = midnight(self.dates[0], self.zone)

    def date_of(self, moment: dt.datetime) -> dt.date:
        """The day of a moment there."""
        return moment.astimezone(self.zone).date()

    def days_of(self, licence: Licence, included: LicenceFeature | None = None) -> list[Day]:
        """Each day of a licence, or of a limited feature of it; the first comes first."""
        key = key_of(licence, included)
        known, found, full = self.known[licence.pk], self.found[key], self.full[key]
        first = self.first_day(licence)
        return [
            Day(
                date,
                found[date] if date >= first else None,
                known.seats_before(midnight(date + DAY, self.zone)),
                date in full and date >= first,
            )
            for date in self.dates
        ]

    def first_day(self, licence: Licence) -> dt.date:
        """The day from which on days of a licence are told; tomorrow if nobody has used it."""
        began = self.began.get(licence.pk, self.since)
        return self.date_of(began) if began else self.today + DAY

    def peak_of(self, licence: Licence, included: LicenceFeature | None = None) -> int:
        """The highest of these days."""
        return max(self.found[key_of(licence, included)].values(), default=0)

    @cached_property
    def last_day(self) -> list[Quarter]:
        """The last 24 hours: the most seats of all licences that were held at once."""
        of_licences = (held for (_licence, feature), held in self.held.items() if feature is None)
        found = peaks_together(of_licences, hour_of(self.now - A_DAY), self.now)
        return [Quarter(start, level) for start, level in found.items()]

    @property
    def peak_today(self) -> Quarter | None:
        """The first quarter of today's highest peak; None if nobody has been in today."""
        midnight_today = midnight(self.today, self.zone)
        busy = [of for of in self.last_day if of.start >= midnight_today and of.level]
        return max(busy, key=lambda quarter: quarter.level, default=None)

    @cached_property
    def known(self) -> dict[int, Known]:
        """What is known of each licence."""
        return known_of(self.licences, self.since, self.now)

    @cached_property
    def found(self) -> dict[Key, Counter[dt.date]]:
        """The peak of each day, by licence and feature."""
        found: dict[Key, Counter[dt.date]] = defaultdict(Counter)
        for licence, feature, date, peak, _is_full in self.stored:
            found[licence, feature][date] = max(found[licence, feature][date], peak)
        for key, live in self.live.items():
            for step, date in overlaps(live, self.days):
                found[key][date] = max(found[key][date], step.level)
        return found

    @property
    def days(self) -> Iterator[Span[dt.date]]:
        """From when to when each day is."""
        for date in self.dates:
            yield Span(midnight(date, self.zone), midnight(date + DAY, self.zone), date)

    @cached_property
    def full(self) -> dict[Key, set[dt.date]]:
        """The days on which no seat was free for a time, by licence."""
        full: dict[Key, set[dt.date]] = defaultdict(set)
        for licence, feature, date, _peak, is_full in self.stored:
            full[licence, feature] |= {date} if is_full else set()
        for (licence, feature), live in self.live.items():
            limits = [] if feature else limit_spans(self.known[licence].limits, self.now)
            for step, seats in overlaps(live, limits):
                full[licence, feature] |= self.dates_in(step) if step.level >= seats else set()
        return full

    def dates_in(self, step: Step) -> set[dt.date]:
        """The days that a step touches."""
        first, last = self.date_of(step.start), self.date_of(step.end - dt.datetime.resolution)
        return {first + DAY * number for number in range((last - first).days + 1)}

    @cached_property
    def stored(self) -> list[tuple[Any, ...]]:
        """Licence, feature, day, its peak and whether it was full: what is final of each day."""
        by_final: dict[dt.datetime, list[int]] = defaultdict(list)
        for licence in self.told:
            by_final[self.known[licence.pk].final].append(licence.pk)
        are_final = Q(pk=None)
        for final, licences in by_final.items():
            are_final |= Q(licence__in=licences, hour__lt=final)
        rows = UseOfHour.objects.filter(are_final, hour__gte=hour_of(self.since)).order_by()
        of_feature = Q(feature__in=[included.feature_id for included in self.features])
        first, *others = (
            self.by_date(rows.filter(Q(feature=None) | of_feature), *piece) for piece in self.pieces
        )
        return list(first.union(*others, all=True).order_by() if others else first)

    @property
    def pieces(self) -> list[Piece]:
        """What of an hour is read as one: a quarter where days do not begin with one of UTC."""
        starts = (midnight(date, self.zone) for date in self.dates)
        return IN_QUARTERS if any(start.minute for start in starts) else IN_WHOLE

    def by_date(
        self, rows: QuerySet[UseOfHour], number: int, peak: str, is_full: Q
    ) -> QuerySet[UseOfHour, tuple[Any, ...]]:
        """The most of each day of one piece of its hours."""
        date = TruncDate(F("hour") + number * QUARTER, tzinfo=self.zone)
        grouped = rows.annotate(date=date).values_list("licence", "feature", "date")
        return grouped.annotate(highest=Max(peak), was_full=BoolOr(is_full))

    @cached_property
    def live(self) -> dict[Key, list[Step]]:
        """How many seats were held, from when each roll-up ends."""
        return {
            key: list(steps(held, self.known[key[0]].final, self.now))
            for key, held in self.held.items()
        }

    @cached_property
    def held(self) -> dict[Key, list[Hold]]:
        """Who held a seat of each since then."""
        return {
            key: [hold.over_by(max(self.now, hold.start)) for hold in held]
            for key, held in self.read()
        }

    def read(self) -> Iterator[tuple[Key, Iterable[Held]]]:
        """The same, as it is read."""
        finals = (self.known[licence.pk].final for licence in self.licences)
        since = min(finals, default=self.now)
        for licence, held in holds.of_licences(self.licences, since, self.now):
            yield (licence, None), held
        for included in self.features:
            held = holds.of_feature(included, since, self.now)
            yield (included.licence_id, included.feature_id), held


def key_of(licence: Licence, included: LicenceFeature | None) -> Key:
    """What names the seats of a licence, or those of a feature of it."""
    return licence.pk, included.feature_id if included else None
