"""Days, moments and drawings in the reader's language."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format

from portal.lists import periods
from portal.lists.periods import Period
from portal.templatetags.ui import meter
from portal.views.scopes import midnight_after
from portal.words.times import (
    date_in_words,
    length_in_words,
    moment_in_full,
    moment_in_short,
    time_in_words,
)

WHEN = dt.datetime(2026, 11, 26, 14, 5, tzinfo=dt.UTC)
THIS_YEAR = WHEN.date()
NEXT_YEAR = WHEN + dt.timedelta(days=90)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        (
            "en-gb",
            ["Thu 26 Nov, 14:05 GMT", "Thu 26 Nov 2026, 14:05 GMT", "26 Nov", "26 Nov 2026",
             "Thursday, 26 November 2026"],
        ),
        (
            "de",
            ["Do, 26. Nov, 14:05 GMT", "Do, 26. Nov 2026, 14:05 GMT", "26. Nov", "26. Nov 2026",
             "Donnerstag, 26. November 2026"],
        ),
    ],
)  # fmt: skip
def test_are_written_in_the_order_of_the_language(language, written):
    with translation.override(language), timezone.override("Europe/London"):
        found = [
            moment_in_full(WHEN, now=WHEN),
            moment_in_full(WHEN, now=NEXT_YEAR),
            date_in_words(THIS_YEAR, today=THIS_YEAR),
            date_in_words(THIS_YEAR, today=NEXT_YEAR.date()),
            date_format(THIS_YEAR, "DAY_HEADING_FORMAT"),
        ]

    assert found == written


def test_days_are_the_readers():
    with timezone.override("Europe/London"):
        begins = periods.start_of(dt.date(2026, 7, 1))
        today = timezone.localdate()
        week = dt.timedelta(days=6)

    assert begins == dt.datetime(2026, 6, 30, 23, tzinfo=dt.UTC)
    assert Period(today - week, None).begins(7)
    assert not Period(today - week, today).begins(7)


@pytest.mark.parametrize(
    ("ago", "written"),
    [
        ({"seconds": 59}, "just now"),
        ({"seconds": 60}, "1 min ago"),
        ({"minutes": 60}, "1 h ago"),
        ({"hours": 24, "seconds": -1}, "23 h ago"),
        ({"hours": 24}, "25 Nov 14:05"),
        ({"minutes": -1}, "26 Nov 14:06"),
    ],
)
def test_what_is_less_than_a_day_past_is_told_by_how_long_ago_it_was(ago, written):
    assert moment_in_short(WHEN - dt.timedelta(**ago), now=WHEN) == written


@pytest.mark.parametrize(
    ("length", "written"),
    [
        ({"seconds": 59}, "59 s"),
        ({"minutes": 1}, "1 m"),
        ({"hours": 6, "minutes": 12}, "6 h 12 m"),
        ({"hours": 48}, "48 h"),
        ({"hours": 49}, "2 d 1 h"),
    ],
)
def test_a_length_is_told_by_its_two_largest_units(length, written):
    assert length_in_words(dt.timedelta(**length)) == written


def test_a_drawing_has_no_decimal_comma():
    with translation.override("de"):
        drawn = render_to_string("_meter.html", meter(3, of=10))

    assert 'x="88.2" y="0" width="7.8"' in " ".join(drawn.split())


@pytest.mark.parametrize(
    ("utc", "shown"),
    [
        ("2026-10-25T00:30", "Sun 25 Oct 2026, 01:30 BST"),
        ("2026-10-25T01:30", "Sun 25 Oct 2026, 01:30 GMT"),
        ("2027-03-28T00:59", "Sun 28 Mar 2027, 00:59 GMT"),
        ("2027-03-28T01:00", "Sun 28 Mar 2027, 02:00 BST"),
    ],
)
def test_the_hours_when_the_clocks_change_are_told_apart(utc, shown):
    moment = dt.datetime.fromisoformat(f"{utc}:00+00:00")

    with timezone.override("Europe/London"):
        assert moment_in_full(moment, now=None) == shown


@pytest.mark.parametrize(
    ("day", "begins", "ends"),
    [
        ("2026-10-25", "2026-10-24T23:00", "2026-10-26T00:00"),
        ("2027-03-28", "2027-03-28T00:00", "2027-03-28T23:00"),
    ],
)
def test_the_days_when_the_clocks_change_are_whole(day, begins, ends):
    asked = QueryDict(f"from={day}&until={day}")

    with timezone.override("Europe/London"):
        period = periods.asked_for(asked, days=7).holds("at")
        last_day = midnight_after(dt.date.fromisoformat(day))

    first, after = (dt.datetime.fromisoformat(f"{utc}:00+00:00") for utc in (begins, ends))
    assert dict(period.children) == {"at__gte": first, "at__lt": after}
    assert last_day == after


def test_a_time_that_clocks_show_twice_names_its_zone():
    change = dt.datetime(2026, 10, 25, 1, tzinfo=dt.UTC)
    around = (change + dt.timedelta(minutes=30 * number) for number in range(-3, 3))

    written = [time_in_words(at.astimezone(zoneinfo.ZoneInfo("Europe/London"))) for at in around]

    assert written == ["00:30", "01:00 BST", "01:30 BST", "01:00 GMT", "01:30 GMT", "02:00"]
