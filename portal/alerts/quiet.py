"""Quiet hours: when somebody is told of what happens in them, by their own clocks."""

from __future__ import annotations

import datetime as dt


def first_moment(
    now: dt.datetime, begin: dt.time | None, end: dt.time | None, zone: dt.tzinfo
) -> dt.datetime:
    """Now, or when the quiet hours in which that is are over.

    An end that clocks leave out is the moment as far after they are put forward as it would be
    into the hour that they skip; of one that they show twice it is the next.
    """
    if begin is None or end is None:
        return now
    local = now.astimezone(zone)
    if not is_within(local.time(), begin, end):
        return now
    day = local.date() if local.time() < end else local.date() + dt.timedelta(days=1)
    over = dt.datetime.combine(day, end, tzinfo=zone)
    if day == local.date():
        over = over.replace(fold=local.fold)
    return over.astimezone(dt.UTC)


def is_within(time: dt.time, begin: dt.time, end: dt.time) -> bool:
    """Whether a time of day is in the hours from one to the other, over midnight too."""
    if begin < end:
        return begin <= time < end
    return time >= begin or time < end
