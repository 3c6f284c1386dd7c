"""How often a program refreshes: by its licence's offline policy, here in Python and in SQL.

A program that is online must not lose its seat because one refresh came late. So it refreshes
three times within the shorter of the policy's two durations, and every five minutes where both
are longer than fifteen.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Func

REFRESH_AFTER = dt.timedelta(seconds=settings.REFRESH_AFTER_SECONDS)
"""How often a program is asked to refresh where its licence does not want it more often."""
SECOND = dt.timedelta(seconds=1)
TIMES = 3
"""A program has so many refreshes before anything of its is over."""


def refresh_after(grace_period: dt.timedelta, reclaim_after: dt.timedelta | None) -> dt.timedelta:
    """How often programs refresh under this policy, in whole seconds; at least one."""
    shorter = min(grace_period, reclaim_after or grace_period)
    return max(SECOND, min(REFRESH_AFTER, shorter // TIMES // SECOND * SECOND))


def seconds(durations: str) -> str:
    """The same as SQL, of the columns with the two durations; NULL is never.

    In floating point, which lists of 10,000 sessions reckon ten times as fast as numeric.
    """
    longest = REFRESH_AFTER // SECOND
    shorter = f"date_part('epoch', LEAST({durations}))"
    return f"GREATEST(1, LEAST({longest}, trunc({shorter} / {TIMES})))"


class RefreshIntervals(Func):
    """So many refresh intervals of the licence that a session is of."""

    template = f"make_interval(secs => %(number)s * {seconds('%(expressions)s')})"
    output_field = models.DurationField()

    def __init__(self, number: float) -> None:
        durations = F("licence__grace_period"), F("licence__reclaim_after")
        super().__init__(*durations, number=number)
