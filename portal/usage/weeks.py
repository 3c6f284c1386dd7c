"""How often each hour of the week came, as the clocks on the wall show them."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import Counter
from collections.abc import Mapping

from licensing.usage.values import HOUR, QUARTER
from licensing.usage.working_time import offset
from portal.usage.asked import WEEK, Range, number_of

type Slot = tuple[int, int]
"""A day of the week and an hour."""
SLOTS: list[Slot] = [(weekday, hour) for weekday in range(7) for hour in range(24)]


def slot_of(moment: dt.datetime) -> Slot:
    """The hour of the week that clocks show."""
    return moment.weekday(), moment.hour


def hours_in_week(
    since: dt.datetime, until: dt.datetime, zone: zoneinfo.ZoneInfo
) -> Mapping[Slot, float]:
    """How often each came from then until then; an hour that has begun is one."""
    times, at = Counter[Slot](), since
    while at < until:
        if at + WEEK <= until and offset(at, zone) == offset(at + WEEK, zone):
            times.update(SLOTS)
            at += WEEK
        else:
            times[slot_of(at.astimezone(zone))] += 1
            at += HOUR
    return times


def work_in_week(days: Range, since: dt.datetime) -> Mapping[Slot, float]:
    """How much of each was working time of a range, from a moment on."""
    first = number_of(since)
    quarters = Counter(number // 4 for number in days.working_quarters if number >= first)
    times = Counter[Slot]()
    for hour, number in quarters.items():
        start = dt.datetime.fromtimestamp(hour * HOUR.total_seconds(), days.working.zone)
        times[slot_of(start)] += number
    return {slot: number * (QUARTER / HOUR) for slot, number in times.items()}
