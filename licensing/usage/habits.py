"""How people use seats over weeks: who holds one most of the time, which are used on few days."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Collection
from typing import NamedTuple

from licensing import standby
from licensing.models import Licence
from licensing.usage.holds import names_of
from licensing.usage.levels import NO_TIME
from licensing.usage.statements import DAYS_USED, HELD_AT_WORK
from licensing.usage.working_time import WorkingTime

MOST_OF_THE_TIME = 0.8
"""Of working time."""


class Holder(NamedTuple):
    """Somebody who held a seat of a licence for so long of working time."""

    licence: int
    username: str
    held: dt.timedelta


def holders(
    licences: Collection[Licence], working: WorkingTime, since: dt.datetime, until: dt.datetime
) -> list[Holder]:
    """Who held a seat for most of the working time of a range, the longest first.

    Whoever held two seats of a licence at once held one for that time.
    """
    spans = list(working.spans(since, until))
    least = MOST_OF_THE_TIME * sum((span.end - span.start for span in spans), NO_TIME)
    asked = names_of(licences) | {
        "since": since,
        "until": until,
        "starts": [span.start for span in spans],
        "ends": [span.end for span in spans],
        "least": least,
    }
    with standby.connection().cursor() as cursor:
        cursor.execute(HELD_AT_WORK, asked)
        found = [Holder._make(row) for row in cursor.fetchall()]
    return [holder for holder in found if holder.held >= least > NO_TIME]


def days_used(
    licences: Collection[Licence],
    since: dt.datetime,
    until: dt.datetime,
    *,
    zone: zoneinfo.ZoneInfo,
) -> dict[int, int]:
    """On how many days of a range somebody held a seat, by licence; those that nobody used are
    left out.
    """
    asked = names_of(licences) | {"since": since, "until": until, "zone": zone.key}
    with standby.connection().cursor() as cursor:
        cursor.execute(DAYS_USED, asked)
        return dict(cursor.fetchall())
