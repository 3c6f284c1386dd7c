"""A day opened: who held a seat from when to when, as a replay says, and as a file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zoneinfo
from urllib.parse import urlencode

import pytest

from licensing.models import ClientSession
from licensing.usage.working_time import midnight
from portal.people import privacy
from portal.usage import strip
from portal.usage.strip import OpenDay
from portal.words.aliases import real_names
from tests.factories import TESTER, make_pool
from tests.licensing.usage.histories import minutes
from tests.licensing.usage.past import beginning, session_then
from tests.portal.usage.days import (
    DAY,
    all_held,
    asked,
    counted_minutes,
    last_change,
    used_around,
)


@pytest.mark.census
@pytest.mark.parametrize("zone", ["Europe/London", "Australia/Adelaide", "Asia/Kolkata"])
@pytest.mark.parametrize("asked_for", [{}, {"hours": "working"}], ids=["always", "at work"])
def test_the_strip_is_what_a_replay_says(account, zone, asked_for):
    account.time_zone = zone
    account.save(update_fields=["time_zone"])
    day = last_change(zone)
    if asked_for:
        day += DAY * (-day.weekday() % 7)  # the Monday after it: nobody works on it
    licences = used_around(account, day, "strip")
    _use, figures = asked(account, day, day, **asked_for)

    opened = OpenDay(figures, real_names(account))

    at = counted_minutes(figures)
    whole = (at[-1] + minutes(1) - at[0]) / minutes(1)
    drawn = {
        (stay.who.session, round(share * whole))
        for stay, row in zip(opened.shown, of_sessions(opened.strip), strict=True)
        for start, end in row.times
        for share in range_of(start, end, whole)
    }
    assert drawn == {
        (held.session.pk, number)
        for held in all_held(licences)
        for number, moment in enumerate(at)
        if held.start <= moment < held.end
    }


def of_sessions(strip):
    """The rows of a strip that are no headings."""
    return [row for row in strip.rows if not row.is_heading]


def range_of(start, end, whole):
    """The minutes of a time, as shares of the whole."""
    return [number / whole for number in range(round(start * whole), round(end * whole))]


@pytest.fixture
def key(account):
    """A pool of the day before yesterday: three people, of whom one came back."""
    account.time_zone = "UTC"
    account.save(update_fields=["time_zone"])
    key = make_pool(5, account=account, name="Planners")
    session_then(key, at(8), at(9), person="ann")
    session_then(key, at(7, 30), at(7, 40), person="bob")
    session_then(key, at(-3), at(26), person="cy")
    return key


def at(hour: int, minute: int = 0) -> dt.datetime:
    start = midnight(beginning(3).date(), zoneinfo.ZoneInfo("UTC"))
    return start + minutes(60 * hour + minute)


def day(**more):
    return {"from": str(at(0).date()), "until": str(at(0).date())} | more


def test_each_session_says_who_what_and_when(owner, key):
    strip = owner.get("/usage/", day()).context["opened"].strip

    assert strip.title == "3 sessions of 3 people held a seat"
    assert [row.says for row in strip.rows][1:] == [
        "bob on bob's PC: 07:30 to 07:40, Planners",
        "ann on ann's PC: 08:00 to 09:00, Planners",
    ]
    assert next(row.times for row in strip.rows) == [(0, 1)]
    assert strip.ends == ["00:00", "06:00", "12:00", "18:00", "00:00"]


def test_the_sessions_of_several_pools_stand_below_their_names(owner, account, key):
    second = make_pool(2, account=account, name="Tender")
    session_then(second, at(8), at(9), person="dan")

    page = owner.get("/usage/", day())

    rows = page.context["opened"].strip.rows
    assert [(row.label, row.is_heading) for row in rows] == [
        ("Planners", True), ("cy", False), ("bob", False), ("ann", False),
        ("Tender", True), ("dan", False),
    ]  # fmt: skip
    assert page.text.count('scope="rowgroup"') == 2
    assert "M0 0H1000M0 66.67H1000" in page.text


def test_the_longest_are_drawn_and_the_others_counted(owner, key, monkeypatch):
    monkeypatch.setattr(strip, "MOST", 2)

    page = owner.get("/usage/", day(licence=key.licence_id))

    assert [row.label for row in page.context["opened"].strip.rows] == ["cy", "ann"]
    assert "1 more session is not shown" in page.text
    assert f'href="/sessions/?state=ended&amp;licence={key.licence_id}"' in page.text


def test_the_file_has_all_of_them(owner, key):
    answer = owner.post(f"/usage/sessions/export/?{urlencode(day())}", {"format": "csv"})

    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [(row["User"], row["Minutes"]) for row in rows] == [
        ("cy", "1740.0"), ("bob", "10.0"), ("ann", "60.0"),
    ]  # fmt: skip


def test_viewers_see_aliases_where_owners_want_that(viewer, account, key):
    privacy.show_aliases(account, True, by=TESTER)

    page = viewer.get("/usage/", day()).text

    assert "bob" not in page
    assert page.count("Person ") >= 3


def test_several_days_are_not_opened(owner, key):
    page = owner.get("/usage/", day(until=str(at(24).date())))

    assert page.context["opened"] is None


def test_nobody_in_says_so(owner, key):
    ClientSession.objects.update(started_at=at(-9), ended_at=at(-8))

    assert "Nobody held a seat then." in owner.get("/usage/", day()).text
