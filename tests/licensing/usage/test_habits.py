"""Who holds a seat most of the time, and on how many days one is used."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest

from licensing.models import Account
from licensing.usage import habits
from licensing.usage.habits import Holder
from licensing.usage.working_time import DAY, of_account
from tests.factories import make_pool
from tests.licensing.usage.past import session_then

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
LONDON = zoneinfo.ZoneInfo("Europe/London")
MONDAY = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
FRIDAY = MONDAY + 4 * DAY


def holders(key, until=FRIDAY):
    """Who held a seat most of the 48 working hours from Monday to Thursday."""
    working = of_account(Account())
    return habits.holders([key.licence], working, MONDAY, until)


def was_in(key, *hours, person):
    """They held a seat from one hour to another, counted from Monday's midnight."""
    for start, end in hours:
        session_then(key, MONDAY + start * HOUR, MONDAY + end * HOUR, person=person)


def test_only_working_time_counts():
    key = make_pool(3)
    was_in(key, (-50, 300), person="ann")
    was_in(key, (0, 24 + 9.4), (48, 96), person="bob")  # 12 and 2.4 and 24 hours of 48 at work
    was_in(key, (0, 24 + 9.3), (48, 96), person="cy")

    assert holders(key) == [
        Holder(key.licence_id, "ann", 48 * HOUR),
        Holder(key.licence_id, "bob", 38.4 * HOUR),
    ]
    assert holders(key, until=MONDAY) == []


def test_two_seats_at_once_are_held_for_as_long_as_one():
    key = make_pool(3)
    was_in(key, (0, 30), (0, 30), (0, 30), person="ann")

    assert holders(key) == []


def test_a_day_counts_once_for_a_licence():
    key, other = make_pool(3), make_pool(3)
    was_in(key, (9, 10), (11, 12), (22, 49), person="ann")
    was_in(key, (200, 201), person="bob")
    was_in(other, (-40, -1), person="ann")

    days = habits.days_used([key.licence, other.licence], MONDAY, MONDAY + 9 * DAY, zone=LONDON)

    assert days == {key.licence_id: 4}
