"""Hours that are rolled up, added up by PostgreSQL: by day, hour of the week and number of seats.

A year has thousands of hours, of which pages tell some hundred figures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from licensing import standby
from licensing.models import Licence
from licensing.usage.values import Span

# Each hour of all licences together, with its day, whether it is working time, and its peak. Days
# are told apart by their midnights, so that no other clocks decide than where few hours are read.
SUMS = """
    WITH lists AS NOT MATERIALIZED (
        SELECT %(midnights)s::timestamptz[] AS midnights, %(weekdays)s::int[] AS weekdays,
            %(opens)s::timestamptz[] AS opens, %(closes)s::timestamptz[] AS closes
    ), together AS (
        SELECT hour, sum(peak_00) AS a, sum(peak_15) AS b, sum(peak_30) AS c, sum(peak_45) AS d,
            sum(seat_seconds) AS seconds, sum(seconds_at_limit) AS full_seconds,
            sum(true_denials) AS denials
        FROM licensing_useofhour
        WHERE licence_id = ANY(%(licences)s) AND feature_id IS NULL
            AND hour >= %(since)s AND hour < %(until)s AND hour <> ALL(%(odd)s::timestamptz[])
        GROUP BY hour
    ), placed AS MATERIALIZED (
        SELECT together.*, GREATEST(a, b, c, d) AS level, width_bucket(hour, midnights) AS day,
            COALESCE(hour < closes[width_bucket(hour, opens)], false) AS at_work
        FROM together, lists
    ), counted AS MATERIALIZED (
        SELECT * FROM placed WHERE at_work OR NOT %(only_working)s
    ), days AS (
        SELECT json_build_array(day - 1, max(level), sum(seconds), sum(full_seconds), sum(denials))
            AS told FROM counted GROUP BY day
    ), week AS (
        SELECT json_build_array(weekday, number, max(level), sum(seconds)) AS told
        FROM (
            SELECT weekdays[day] AS weekday, level, seconds,
                floor(date_part('epoch', hour - midnights[day]) / 3600) AS number
            FROM counted, lists
        ) hour GROUP BY weekday, number
    ), levels AS (
        SELECT json_build_array(level, count(*)) AS told
        FROM (SELECT unnest(ARRAY[a, b, c, d]) AS level FROM placed WHERE at_work) quarter
        GROUP BY level
    ), highest AS (
        SELECT hour, ARRAY[a, b, c, d]::int[] FROM counted
        WHERE level > 0 ORDER BY level DESC, hour LIMIT 1
    )
    SELECT
        COALESCE((SELECT json_agg(told) FROM days), '[]'),
        COALESCE((SELECT json_agg(told) FROM week), '[]'),
        COALESCE((SELECT json_agg(told) FROM levels), '[]'),
        (SELECT COALESCE(sum(seconds), 0) FROM placed WHERE at_work),
        highest.*
    FROM (SELECT) one LEFT JOIN highest ON true
"""


class WholeHours(NamedTuple):
    """Hours of UTC that count as one in every figure: each lies on one of the ``days``, in one hour
    of the week there, and is working time or is not.

    ``odd`` are those between ``since`` and ``until`` that do not, to be looked at one by one.
    """

    since: dt.datetime
    until: dt.datetime
    days: Sequence[Span[dt.date]]
    work: Sequence[Span[dt.date]]
    odd: Collection[dt.datetime]


class OfDay(NamedTuple):
    """A day, by its place among the days: its peak, and what is added up."""

    number: int
    peak: int
    seat_seconds: float
    full_seconds: float
    true_denials: int


class OfWeekHour(NamedTuple):
    """An hour of the week; Monday is 0."""

    weekday: int
    hour: int
    peak: int
    seat_seconds: float


class Summed(NamedTuple):
    """What whole hours come to. ``levels`` are the numbers of seats that were in use in working
    time, each with in how many quarters it was the peak. ``highest`` is the first hour of the
    highest peak, with those of its ``quarters``; None if nobody was in.
    """

    days: list[OfDay]
    week: list[OfWeekHour]
    levels: dict[int, int]
    seconds_at_work: float
    highest: dt.datetime | None
    quarters: list[int] | None


def summed(licences: Collection[Licence], hours: WholeHours, *, only_working: bool) -> Summed:
    """What the hours of some licences together come to, by what is written down of them."""
    values: dict[str, Any] = {
        "licences": [licence.pk for licence in licences],
        "since": hours.since,
        "until": hours.until,
        "odd": list(hours.odd),
        "midnights": [day.start for day in hours.days],
        "weekdays": [day.value.weekday() for day in hours.days],
        "opens": [span.start for span in hours.work],
        "closes": [span.end for span in hours.work],
        "only_working": only_working,
    }
    with standby.connection().cursor() as cursor:
        cursor.execute(SUMS, values)
        days, week, levels, *others = cursor.fetchone()
    return Summed(
        list(map(OfDay._make, days)), list(map(OfWeekHour._make, week)), dict(levels), *others
    )
