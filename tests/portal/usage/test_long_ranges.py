"""Long ranges: what PostgreSQL adds up is what comes out hour by hour, and minute by minute."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import astuple
from itertools import product

import pytest

from licensing.models import LateFact
from licensing.usage.roll_up import roll_up
from licensing.usage.values import QUARTER
from portal.usage import figures as of_range
from portal.usage.sums import Sum
from portal.usage.weeks import slot_of
from tests.licensing.usage.past import refused_then
from tests.licensing.usage.replay import is_working, who_is_in
from tests.portal.usage.days import (
    DAY,
    all_held,
    asked,
    counted_minutes,
    last_change,
    used_around,
)

ZONES = (
    "Europe/London", "America/Havana", "America/St_Johns", "Asia/Kolkata", "Australia/Lord_Howe",
)  # fmt: skip
RANGES = [(-6, 6), (-12, 0), (4, 14)]
"""In days from the change of the clocks: all of the use, its beginning, and that compared."""
WEEK = (dt.time(7), dt.time(19), [0, 1, 2, 3, 4])
WEEKEND = (dt.time(7, 20), dt.time(0), [5, 6, 0])
"""Clocks are changed on Sundays."""


@pytest.fixture(params=ZONES)
def lived_in(request, account):
    """The licences of an account there, around a change of the clocks, rolled up; and that day."""
    return lived(account, request.param)


def lived(account, zone):
    """Them, of an account in that zone."""
    account.time_zone = zone
    account.save(update_fields=["time_zone"])
    day = last_change(zone)
    licences = used_around(account, day, "long")
    refused_then(licences[0].keys.first(), all_held(licences)[0].start, person="zoe")
    for licence in licences:
        roll_up(licence)
    return account, licences, day


def told(figures):
    """All that is told of a range."""
    return {
        "days": [astuple(day) for day in figures.days],
        "week": [tuple(hour) for day in figures.week for hour in day],
        "levels": figures.time_at_levels,
        "highest": figures.highest,
        "total": astuple(figures.total),
        "mean": figures.mean_at_work,
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("zone", "working"),
    [("Europe/London", WEEK), ("Asia/Kolkata", WEEK), *((zone, WEEKEND) for zone in ZONES[:3]),
     (ZONES[-1], WEEKEND)],
    ids=lambda value: value if isinstance(value, str) else f"{len(value[2])} days",
)  # fmt: skip
def test_added_up_are_the_same_hours(account, monkeypatch, zone, working):
    account, licences, day = lived(account, zone)
    account.works_from, account.works_until, account.works_on = working
    LateFact.objects.create(licence=licences[1], since=all_held(licences)[-1].end)

    def both():
        for (first, last), asked_for in product(RANGES, ({}, {"hours": "working"})):
            figures = asked(account, day + first * DAY, day + last * DAY, **asked_for)[1]
            yield rounded(told(figures)), rounded(told(figures.before)), len(figures.each)

    (always, *_before, hours), (at_work, *_), *past = both()
    monkeypatch.setattr(of_range, "FEW_DAYS", 400)
    (always_one_by_one, *_before, all_hours), (at_work_one_by_one, *_), *past_one_by_one = both()

    assert always == always_one_by_one != at_work == at_work_one_by_one
    assert [told[:2] for told in past] == [told[:2] for told in past_one_by_one]
    assert hours < all_hours


def test_what_is_after_a_range_is_not_of_it(lived_in):
    account, licences, day = lived_in
    first_used = min(hold.start for hold in all_held(licences)).date()
    refused = asked(account, day - 6 * DAY, day + 6 * DAY)[1].true_denials

    before_use = asked(account, first_used - 30 * DAY, first_used - 2 * DAY)[1]
    after_use = asked(account, day + 5 * DAY, day + 18 * DAY, compare="1")[1]

    assert before_use.total == Sum()
    assert not any(day.peak for day in before_use.days)
    assert refused
    assert after_use.total == Sum()
    assert after_use.before.true_denials <= refused


def rounded(value):
    """The same, its fractions without what they differ by when they are added up otherwise."""
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return tuple(map(rounded, value))
    return round(value, 6) if isinstance(value, float) else value


@pytest.mark.slow
def test_they_are_what_a_replay_says(lived_in):
    account, licences, day = lived_in
    for asked_for in ({}, {"hours": "working"}):
        query = {"licence": str(licences[0].pk)} | asked_for
        assert_is_replayed(asked(account, day - 6 * DAY, day + 6 * DAY, **query)[1], licences)


def assert_is_replayed(figures, licences):
    """These are the figures of the first licence, minute by minute."""
    held = [hold for hold in all_held(licences) if hold.session.licence_id == licences[0].pk]
    minutes = {at: len(who_is_in(held, at)) for at in counted_minutes(figures)}

    days = most(minutes, lambda at: at.astimezone(figures.zone).date())
    at_work = {at: n for at, n in minutes.items() if is_working(figures.range.working, at)}
    quarters = most(at_work, lambda at: at - dt.timedelta(minutes=at.minute % 15))

    assert {day.date: day.peak for day in figures.days if day.peak} == days
    assert figures.peak == max(minutes.values())
    levels = {level: time / QUARTER for level, time in figures.time_at_levels.items() if level}
    assert levels == Counter(quarters.values())
    if figures.zone.key in {"Europe/London", "America/Havana"}:  # else hours of UTC count by half
        week = [hour for day in figures.week for hour in day]
        of_week = most(minutes, lambda at: slot_of(at.astimezone(figures.zone)))
        assert {(hour.weekday, hour.hour): hour.most for hour in week if hour.most} == of_week
        assert figures.seat_seconds == pytest.approx(60 * sum(minutes.values()))


def most(minutes, time_of):
    """The most seats in use in any minute of each time in which somebody was in."""
    found = Counter()
    for at, level in minutes.items():
        found[time_of(at)] = max(found[time_of(at)], level)
    return {time: level for time, level in found.items() if level}
