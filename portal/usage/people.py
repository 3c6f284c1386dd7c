"""Who used licences in a range of days: for how long, on how many days, when last."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import Max, Q

from licensing.models import ClientSession, Licence
from portal.usage.asked import Range

OCCASIONAL = 3
"""Days a month, or fewer."""
MONTH = 30
LEAST_DAYS = 28
"""In fewer days than these nobody can be told to come seldom."""

# The days on which somebody held a seat are bits, so that one pass counts them without sorting.
WHO_WAS_IN = """
    WITH held AS (
        SELECT session.person, session.username, session.refreshed_at,
            GREATEST(COALESCE(session.held_since, session.started_at), %(since)s) AS since,
            LEAST(COALESCE(session.ended_at, statement_timestamp()), %(until)s) AS until
        FROM licensing_everysession session
        WHERE session.account_id = %(account)s AND session.licence_id = ANY(%(licences)s)
            AND session.started_at < %(until)s
            AND (session.ended_at IS NULL OR session.ended_at > %(since)s)
        UNION ALL
        SELECT session.person, session.username, hold.held_until,
            GREATEST(hold.held_since, %(since)s), LEAST(hold.held_until, %(until)s)
        FROM licensing_hold hold
        JOIN licensing_everysession session ON session.id = hold.session_id
        WHERE hold.licence_id = ANY(%(licences)s) AND hold.feature_id IS NULL
            AND hold.held_until > %(since)s AND hold.held_since < %(until)s
    ), placed AS (
        SELECT *, repeat('1', %(days)s)::varbit AS every_day,
            (since AT TIME ZONE %(zone)s)::date - %(first)s AS first,
            ((until - interval '1 microsecond') AT TIME ZONE %(zone)s)::date - %(first)s AS last
        FROM held WHERE since < until
    )
    SELECT max(username COLLATE "C"), sum(extract(epoch FROM until - since))::float AS seconds,
        bit_count(bit_or((every_day >> first) & (every_day << (%(days)s - 1 - last)))),
        max(LEAST(refreshed_at, until))
    FROM placed GROUP BY person ORDER BY seconds DESC, person
"""


class Person(NamedTuple):
    """Somebody who held a seat. ``last_at``: when their program was last heard of there."""

    username: str
    seconds: float
    days: int
    last_at: dt.datetime
    of_days: int

    @property
    def hours(self) -> float:
        return round(self.seconds / 3600, 1)

    @property
    def is_occasional(self) -> bool:
        """Whether they came on three days a month or fewer."""
        return self.of_days >= LEAST_DAYS and is_occasional(self.days, self.of_days)


def is_occasional(days: int, of_days: int) -> bool:
    """Whether so many days of so many are three a month or fewer."""
    return days * MONTH <= OCCASIONAL * of_days


def people_in(licences: Sequence[Licence], days: Range) -> list[Person]:
    """Who held a seat of these licences of one account, the longest first."""
    if not licences:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            WHO_WAS_IN,
            {
                "account": licences[0].account_id,
                "licences": [licence.pk for licence in licences],
                "since": days.since,
                "until": days.until,
                "zone": days.working.zone.key,
                "first": days.first,
                "days": days.length,
            },
        )
        return [Person._make((*row, days.length)) for row in cursor.fetchall()]


class Version(NamedTuple):
    """A version of the program, with how many people it let in and when it was last heard of."""

    version: str
    people: int
    last_at: dt.datetime


def versions_in(licences: Sequence[Licence], days: Range) -> list[Version]:
    """The versions of the programs that held a seat, those of most people first."""
    lasted = Q(ended_at=None) | Q(ended_at__gt=days.since)
    found = ClientSession.every.filter(
        lasted, licence__in=[licence.pk for licence in licences], started_at__lt=days.until
    )
    of_each = found.order_by().values_list("version", "person").annotate(Max("refreshed_at"))
    heard_of = defaultdict[str, list[dt.datetime]](list)
    for version, _person, last_at in of_each:
        heard_of[version].append(last_at)
    counted = (Version(version, len(each), max(each)) for version, each in heard_of.items())
    return sorted(counted, key=lambda one: (-one.people, one.version))
