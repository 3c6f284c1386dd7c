"""Random histories of use, in whole minutes, around the changes of the clocks."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from hypothesis import strategies as st

from licensing.models.denials import DenialClass
from licensing.usage.values import Denial, Hold, Limit
from licensing.usage.working_time import WorkingTime

MINUTE = dt.timedelta(minutes=1)
LENGTH = 30 * 60
"""Of the range, in minutes."""
CHANGES = {
    "Europe/London": ("2026-03-29T01:00Z", "2026-10-25T01:00Z"),
    "Australia/Adelaide": ("2026-04-04T16:30Z", "2026-10-03T16:30Z"),  # east, by half an hour
    "Asia/Kolkata": ("2026-03-29T01:00Z",),  # east by half an hour, and never changed
    "America/St_Johns": ("2026-03-08T05:30Z", "2026-11-01T04:30Z"),  # west, by half an hour
    "America/Havana": ("2026-03-08T05:00Z", "2026-11-01T05:00Z"),  # west, at midnight
}
PEOPLE, MACHINES = ("ann", "ben", "cay", "dan"), ("pc-1", "pc-2")


@dataclass(frozen=True)
class History:
    """Facts of one licence, and a range of thirty hours around a change of the clocks."""

    since: dt.datetime
    until: dt.datetime
    working: WorkingTime
    holds: list[Hold]
    limits: list[Limit]
    denials: list[Denial]

    @property
    def facts(self):
        return self.holds, self.limits, self.denials


def minutes(number: int) -> dt.timedelta:
    return number * MINUTE


@st.composite
def histories(draw) -> History:
    """A history in one of the zones."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    change = dt.datetime.fromisoformat(draw(st.sampled_from(CHANGES[zone])))
    since = change - minutes(draw(st.integers(4 * 60, 26 * 60)))
    until = since + minutes(LENGTH - draw(st.integers(0, 90)))
    return History(
        since,
        until,
        draw(working_times(zoneinfo.ZoneInfo(zone))),
        sorted(hold for person in PEOPLE for hold in draw(holds_of(person, since))),
        draw(limits(since)),
        sorted(draw(st.lists(denials(since), max_size=8)), key=lambda denial: denial.first),
    )


def moments(since: dt.datetime, *, before: int = 600) -> st.SearchStrategy[dt.datetime]:
    """A minute before, in or after the range."""
    return st.integers(-before, LENGTH + 60).map(lambda at: since + minutes(at))


@st.composite
def working_times(draw, zone: zoneinfo.ZoneInfo) -> WorkingTime:
    opens, closes = sorted(draw(st.tuples(st.integers(0, 1440), st.integers(0, 1440))))
    days = draw(st.sets(st.integers(0, 6)))
    return WorkingTime(zone, minutes(opens), minutes(closes), days | {6})


@st.composite
def holds_of(draw, person: str, since: dt.datetime) -> list[Hold]:
    """Sessions of a person: some come back after a while, some are closed days later."""
    held = []
    for start in draw(st.lists(moments(since), max_size=3)):
        for length, gap in draw(st.lists(turns(), min_size=1, max_size=3)):
            held.append(Hold(start, start + length, person, draw(st.sampled_from(MACHINES))))
            start += length + gap
    return held


def turns() -> st.SearchStrategy[tuple[dt.timedelta, dt.timedelta]]:
    """How long somebody was in, and for how long they were not afterwards."""
    lengths = st.one_of(st.integers(1, 20), st.integers(30, 700), st.integers(2000, 4000))
    return st.tuples(lengths.map(minutes), st.integers(0, 120).map(minutes))


@st.composite
def limits(draw, since: dt.datetime) -> list[Limit]:
    """A limit and what became of it."""
    starts = draw(st.sets(moments(since), min_size=1, max_size=4))
    return [Limit(start, draw(st.integers(0, 5))) for start in sorted(starts)]


@st.composite
def denials(draw, since: dt.datetime) -> Denial:
    first = draw(moments(since))
    last = first + minutes(draw(st.integers(0, 9)))
    kind = draw(st.sampled_from(list(DenialClass)))
    served = first + minutes(draw(st.integers(0, 40))) if draw(st.booleans()) else None
    who = draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(MACHINES))
    return Denial(first, last, *who, served, kind)
