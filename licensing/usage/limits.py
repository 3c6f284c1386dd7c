"""Limits over time: how many seats there were, from when to when."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator

from licensing.models import Licence, LicenceFeature, LimitChange
from licensing.usage.values import Limit


def of_licence(licence: Licence, since: dt.datetime, until: dt.datetime) -> list[Limit]:
    """The limits of a licence in the range, in order; the first may begin before it.

    Before its first one the licence was not there.
    """
    return list(merged(changes(licence.pk, None, since, until)))


def of_feature(included: LicenceFeature, since: dt.datetime, until: dt.datetime) -> list[Limit]:
    """As ``of_licence``, of a feature that a licence includes.

    While it is not limited there are as many as the licence has. While the licence did not
    include it the limit before that stands: nobody held it.
    """
    licence_id = included.licence_id
    told = changes(licence_id, included.feature_id, since, until)
    of_its_own = [(start, seats) for start, seats in told if seats != 0]
    ends = [*(start for start, _ in of_its_own), until][1:]
    found: list[tuple[dt.datetime, int | None]] = []
    for (start, seats), end in zip(of_its_own, ends, strict=True):
        if seats is None:
            of_licence = changes(licence_id, None, max(start, since), end)
            found += [(max(begun, start), seats) for begun, seats in of_licence]
        else:
            found.append((start, seats))
    return list(merged(found))


def changes(
    licence_id: int, feature_id: int | None, since: dt.datetime, until: dt.datetime
) -> list[tuple[dt.datetime, int | None]]:
    """As ``in_range``, of a licence or of a feature that it includes."""
    before_its_end = LimitChange.objects.filter(
        licence=licence_id, feature=feature_id, since__lt=until
    )
    told = before_its_end.order_by("since", "pk").values_list("since", "seats")
    return in_range(list(told), since)


def in_range(
    told: list[tuple[dt.datetime, int | None]], since: dt.datetime
) -> list[tuple[dt.datetime, int | None]]:
    """What was in force as a range began, and every change after that, in order."""
    passed = sum(moment <= since for moment, _ in told)
    return told[max(passed - 1, 0) :]


def merged(told: Iterable[tuple[dt.datetime, int | None]]) -> Iterator[Limit]:
    """Each limit unlike the one before it; of several at one moment the last."""
    last: Limit | None = None
    for start, of_moment in itertools.groupby(told, key=lambda change: change[0]):
        *_, (_, seats) = of_moment
        if seats is not None and (last is None or last.seats != seats):
            last = Limit(start, seats)
            yield last
