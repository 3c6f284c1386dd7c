"""Peaks day by day: what a replay of the sessions says, in every zone."""

from __future__ import annotations

import datetime as dt
import random
import zoneinfo

import pytest
from django.utils import timezone

from licensing.models import LateFact, LimitChange
from licensing.usage.roll_up import roll_up
from licensing.usage.values import HOUR
from licensing.usage.working_time import midnight
from portal.usage.peaks import Peaks
from tests.factories import make_pool
from tests.licensing.usage.past import beginning, close_late, limits_were, session_then

DAYS, BEGUN = 4, 6
FIVE_MINUTES = dt.timedelta(minutes=5)
ZONES = ("Europe/London", "Asia/Kolkata", "America/St_Johns", "Pacific/Auckland", "Asia/Kathmandu")


@pytest.fixture(params=ZONES)
def lived_in(request, account):
    """A pool that many people used for six days, of an account there; its limit was raised."""
    account.time_zone = request.param
    account.save(update_fields=["time_zone"])
    return used_pool(account, random.Random(request.param))


def used_pool(account, chance):
    """A pool with sessions at random."""
    pool = make_pool(6, account=account, features=["bim"])
    start = beginning(days=BEGUN)
    limits_were(pool, start, 4)
    LimitChange.objects.create(licence=pool.licence, seats=6, since=start + 70 * HOUR)
    for _number in range(50):
        begun = start + chance.randrange((BEGUN * 24 - 5) * 12) * FIVE_MINUTES
        session_then(pool, begun, begun + chance.randrange(1, 60) * FIVE_MINUTES)
    return pool


def replayed(licence, now):
    """The peak of each day and whether it was full, five minutes by five."""
    zone = zoneinfo.ZoneInfo(licence.account.time_zone)
    sessions = list(licence.sessions.values_list("started_at", "ended_at"))
    limits = list(LimitChange.objects.filter(licence=licence, feature=None).order_by("since"))
    peak, full = {}, set()
    at = beginning(days=BEGUN)
    while at < now:
        date = at.astimezone(zone).date()
        level = sum(start <= at < end for start, end in sessions)
        peak[date] = max(peak.get(date, 0), level)
        if level >= [limit.seats for limit in limits if limit.since <= at][-1]:
            full.add(date)
        at += FIVE_MINUTES
    return peak, full


def told(licence, **about):
    """The same as pages tell it."""
    return Peaks(licence.account, [licence], days=DAYS, **about).days_of(licence)


@pytest.mark.census
def test_days_are_what_a_replay_says_before_the_roll_up_and_after(lived_in):
    licence = lived_in.licence

    days = told(licence)

    peak, full = replayed(licence, timezone.now())
    assert [(day.date, day.peak, day.is_full) for day in days] == [
        (day.date, peak[day.date], day.date in full) for day in days
    ]
    assert roll_up(licence)
    assert told(licence) == days
    assert len(days) == DAYS
    assert (
        days[-1].date
        == timezone.now().astimezone(zoneinfo.ZoneInfo(licence.account.time_zone)).date()
    )


def test_a_late_fact_is_told_before_it_is_counted_again(account):
    pool = make_pool(6, account=account)
    session = session_then(pool, beginning(3), beginning(2) + HOUR)
    limits_were(pool, beginning(BEGUN), 6)
    roll_up(pool.licence)
    before = [day.peak for day in told(pool.licence)]

    close_late(session, earlier=dt.timedelta(hours=24))

    assert LateFact.objects.exists()
    peak, _full = replayed(pool.licence, timezone.now())
    days = told(pool.licence)
    assert [day.peak for day in days] == [peak[day.date] for day in days] != before


def test_the_limit_is_that_of_each_evening(account):
    pool = make_pool(6, account=account)
    limits_were(pool, beginning(2), 5)
    changed = LimitChange.objects.create(licence=pool.licence, seats=6, since=timezone.now())

    seats = [day.seats for day in told(pool.licence)]

    assert seats[:1] == [None]
    assert (seats[-2], seats[-1]) == (5, changed.seats)


def test_quarters_of_the_last_day_are_added_up(account):
    now = timezone.now()
    pools = [make_pool(2, account=account) for _number in range(2)]
    for pool in pools:
        session_then(pool, now - 10 * FIVE_MINUTES, now - 4 * FIVE_MINUTES)

    found = Peaks(account, [pool.licence for pool in pools], days=3)

    busy = [quarter for quarter in found.last_day if quarter.level]
    assert {quarter.level for quarter in busy} == {2}
    assert busy[0].start <= now - 10 * FIVE_MINUTES < busy[1].start
    assert found.last_day[0].start <= now - dt.timedelta(hours=24)


def test_nobody_today_is_no_peak(account):
    assert Peaks(account, [make_pool(2, account=account).licence], days=3).peak_today is None


@pytest.mark.slow
def test_needs_as_many_statements_for_many_licences(account, django_assert_num_queries):
    licences = [used_pool(account, random.Random(number)).licence for number in range(5)]
    roll_up(licences[0])

    with django_assert_num_queries(3):
        peaks = Peaks(account, licences, days=DAYS)
        assert all(len(peaks.days_of(licence)) == DAYS for licence in licences)
        assert peaks.last_day


def test_half_an_hour_after_midnight_is_of_the_day_that_began(account):
    account.time_zone = "Asia/Kolkata"
    account.save(update_fields=["time_zone"])
    pool = make_pool(2, account=account)
    day = Peaks(account, [], days=DAYS).dates[0]
    began = midnight(day, zoneinfo.ZoneInfo(account.time_zone))
    for _number in range(2):
        session_then(pool, began, began + FIVE_MINUTES)
    session_then(pool, began - FIVE_MINUTES, began)
    limits_were(pool, beginning(BEGUN), 2)
    roll_up(pool.licence)

    days = told(pool.licence)

    assert began.minute == 30
    assert [(day.peak, day.is_full) for day in days[:2]] == [(2, True), (0, False)]
