"""Use by licence, person, machine, key, version or feature, each group counted by one statement.

Peaks of groups are exact, whatever has been rolled up: they are read from holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from licensing import standby
from licensing.models import Licence
from licensing.usage.statements import FEATURES_HELD, OF_LICENCES, in_range
from licensing.usage.values import HOUR, Span


class Grouping(StrEnum):
    POOL = "pool"
    PERSON = "person"
    MACHINE = "machine"
    KEY = "key"
    VERSION = "version"
    FEATURE = "feature"


KEYS = {
    Grouping.POOL: ("licence_id::text", "''"),
    Grouping.PERSON: ("person", "username"),
    Grouping.MACHINE: ("machine", "machine_name"),
    Grouping.KEY: ("key_id::text", "''"),
    Grouping.VERSION: ("version", "version"),
    Grouping.FEATURE: ("COALESCE(feature, '')", "feature"),
}
"""By what holds are told apart, and how that is written."""

# ``seconds`` of a hold are those that lie in the hours, each by its share, as the sum of its
# second moment less that of its first. A hold that began where no time counts begins with the
# next that does, or is none; so nothing rises but where it counts. No row carries the lists.
USE_OF_GROUPS = """
    WITH counted AS NOT MATERIALIZED (
        SELECT %(cuts)s::timestamptz[] AS cuts, %(shares)s::float8[] AS shares,
            %(sums)s::float8[] AS sums, %(opens)s::timestamptz[] AS opens,
            %(closes)s::timestamptz[] AS closes, %(days)s::int[] AS days
    ), held AS (
        SELECT {key} AS key, {label} AS label, person, since,
            COALESCE(until, GREATEST(since, statement_timestamp())) AS until
        FROM ({holds}) hold WHERE {who}
    ), placed AS (
        SELECT held.*, cuts, shares, sums, opens, closes, days,
            width_bucket(since, cuts) AS first, width_bucket(until, cuts) AS last,
            width_bucket(since, opens) AS span
        FROM held, counted
    ), moved AS (
        SELECT key, label, person, until,
            COALESCE(sums[last] + shares[last] * date_part('epoch', until - cuts[last]), 0)
            - COALESCE(sums[first] + shares[first] * date_part('epoch', since - cuts[first]), 0)
                AS seconds,
            CASE WHEN since < closes[span] THEN since ELSE opens[span + 1] END AS since
        FROM placed
    ), inside AS (
        SELECT * FROM moved WHERE since < until
    ), changes AS (
        SELECT key, since AS at, 1 AS change FROM inside
        UNION ALL SELECT key, until, -1 FROM inside
    ), levels AS (
        SELECT key, sum(change) OVER (PARTITION BY key ORDER BY at, change ROWS UNBOUNDED PRECEDING)
            AS level FROM changes
    ), peaks AS (
        SELECT key, max(level) AS peak FROM levels GROUP BY key
    ), used AS (
        SELECT key, count(DISTINCT person) AS people, count(DISTINCT day) AS days,
            max(last_at) AS last_at
        FROM (
            SELECT key, person, days[number] AS day,
                LEAST(until, closes[number]) AS last_at
            FROM inside, counted, generate_series(
                width_bucket(since, opens),
                width_bucket(until - interval '1 microsecond', opens)
            ) number
        ) each_day GROUP BY key
    ), whole AS (
        SELECT key, max(label COLLATE "C") AS label, sum(seconds)::float AS seconds
        FROM moved GROUP BY key
    )
    SELECT key, COALESCE(label, ''), seconds, COALESCE(peak, 0), COALESCE(people, 0),
        COALESCE(used.days, 0), used.last_at
    FROM whole LEFT JOIN peaks USING (key) LEFT JOIN used USING (key)
    WHERE seconds > 0 OR peak > 0
"""


class GroupUse(NamedTuple):
    """What a group used: ``label`` is how it was written, "" where the key says it.

    ``last_at``: when in the time that counts the last of its seats was given back: the end of that
    time, or the moment of asking, if one was held on.
    """

    key: str
    label: str
    seconds: float
    peak: int
    people: int
    days: int
    last_at: dt.datetime | None = None


class Only(NamedTuple):
    """Whose use is counted alone: by person or machine, by their names as compared."""

    by: Grouping
    names: Collection[str]


def use_of_groups(
    by: Grouping,
    licences: Collection[Licence],
    spans: Sequence[Span[dt.date]],
    shares: Mapping[dt.datetime, float],
    *,
    only: Only | None = None,
) -> list[GroupUse]:
    """What each group used of some licences, or ``only`` some people or machines.

    Peaks, people and days are those of the spans, which are in order; the seconds lie in hours
    of which a share counts: ``shares`` has when that changes, and what it is from then on.
    """
    if not spans:
        return []
    key, label = KEYS[by]
    holds = in_range(FEATURES_HELD if by == Grouping.FEATURE else OF_LICENCES)
    who = f"{KEYS[only.by][0]} = ANY(%(only)s)" if only else "true"
    values = of_licences(licences) | of_spans(spans) | of_hours(shares)
    with standby.connection().cursor() as cursor:
        statement = USE_OF_GROUPS.format(key=key, label=label, holds=holds, who=who)
        cursor.execute(statement, values | {"only": list(only.names) if only else []})
        return [GroupUse._make(row) for row in cursor.fetchall()]


def of_licences(licences: Collection[Licence]) -> dict[str, Any]:
    """Whose holds are read."""
    return {
        "licences": [licence.pk for licence in licences],
        "accounts": sorted({licence.account_id for licence in licences}),
    }


def of_spans(spans: Sequence[Span[dt.date]]) -> dict[str, Any]:
    """Which time counts. What is held is read for an hour more, of which some may count."""
    return {
        "since": spans[0].start - HOUR,
        "until": spans[-1].end + HOUR,
        "opens": [span.start for span in spans],
        "closes": [span.end for span in spans],
        "days": [span.value.toordinal() for span in spans],
    }


def of_hours(shares: Mapping[dt.datetime, float]) -> dict[str, Any]:
    """Where the share of the hours changes, what it is from then on, and what counted before."""
    cuts = sorted(shares)
    lengths = [(end - start).total_seconds() for start, end in pairwise(cuts)]
    counted = [shares[start] * length for start, length in zip(cuts, lengths, strict=False)]
    return {
        "cuts": cuts,
        "shares": [shares[start] for start in cuts],
        "sums": list(accumulate(counted, initial=0.0)),
    }
