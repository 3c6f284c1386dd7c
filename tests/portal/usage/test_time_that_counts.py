"""Which time figures are of: none before the first use, and none that there is not."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from licensing.models import ClientSession, LimitChange
from portal.words.times import date_in_words
from tests.kept import kept
from tests.licensing.usage.past import session_then
from tests.portal.usage.monday import at, days, last_monday, planners, read_csv, tiles


@kept
def key(account):
    return planners(account)


def test_time_before_the_first_use_is_not_idle(owner, key):
    alone = owner.get("/usage/", days())
    earlier = {"from": str(at(0, days=-28).date()), "compare": "1"}

    page = owner.get("/usage/", days(**earlier))

    since = f", since {date_in_words(last_monday().date(), today=timezone.localdate())}"
    titles = [page.context[name].title for name in ("peaks", "levels")]
    assert titles == [
        f"Full on 1 of 2 working days{since}",
        f"1 seat was enough for 95 % of working time{since}",
    ]
    assert (tiles(page), page.context["levels"].bars) == (
        tiles(alone),
        alone.context["levels"].bars,
    )
    assert [bar.value for bar in page.context["peaks"].bars[26:]] == [None, None, 2, 0]
    of_days = [day["Peak"] for day in read_csv(owner, "usage/days", **earlier)]
    assert of_days[26:] == ["", "", "2", "0"]
    assert page.text.count("· – before") == len(tiles(page))
    assert page.context["week"].rows[0][1] == alone.context["week"].rows[0][1]


def test_hours_of_the_week_that_did_not_come_have_no_mean(owner, key):
    told = {(row["Day"], row["Hour"]): row["Mean"] for row in read_csv(owner, "usage/week")}
    [_monday, _tuesday, (_label, wednesday), *_] = owner.get("/usage/", days()).context["week"].rows

    assert (told["Monday", "7"], told["Monday", "9"], told["Tuesday", "9"]) == ("", "2.0", "0.0")
    assert told["Wednesday", "9"] == ""
    assert wednesday[9].says == "Wednesday 09:00: –"


@pytest.mark.parametrize(("hours", "untold"), [("", 2), ("working", 7)])
def test_days_without_working_time_tell_no_zeros(owner, key, hours, untold):
    sunday = str(at(0, days=6).date())

    page = owner.get("/usage/", {"from": sunday, "until": sunday, "hours": hours})

    assert page.text.count('data-value=""') == untold
    assert page.context["levels"].title == "No working time in these days."
    assert page.context["levels"].bars == ()


@pytest.mark.parametrize(
    ("more", "of_ann"), [({}, ("3.0", at(21))), ({"hours": "working"}, ("2.0", at(10)))]
)
def test_people_count_by_the_same_time_as_the_rest(owner, key, more, of_ann):
    hours, last_at = of_ann

    page = owner.get("/usage/", days(group="person", **more))

    told = dict(page.context["people"])
    assert (told["ann"].hours, told["ann"].last_at) == (float(hours), last_at)
    assert {row.name: round(row.hours, 1) for row in page.context["groups"].rows if row.hours} == {
        name: person.hours for name, person in told.items()
    }
    assert [row["Hours"] for row in read_csv(owner, "usage/people", **more)] == [hours, "2.0"]


@pytest.mark.parametrize(
    ("more", "ends"),
    [
        ({}, {"ann": at(21), "bob": at(11), "cay": at(7, 30, days=1), "dan": at(0, days=2)}),
        (
            {"hours": "working"},
            {"ann": at(10), "bob": at(11), "cay": at(7, 30, days=1), "dan": at(19, days=1)},
        ),
    ],
)
def test_last_used_is_when_the_last_seat_of_these_days_was_given_back(owner, key, more, ends):
    session_then(key, at(18), at(7, 30, days=1), person="cay")
    session_then(key, at(18, days=1), at(9, days=4), person="dan")

    page = owner.get("/usage/", days(**more))

    assert {name: person.last_at for name, person in page.context["people"]} == ends
    assert [version.last_at for version in page.context["versions"]] == [at(0, days=2)]


def test_whoever_is_in_uses_it_now(owner, key):
    ClientSession.objects.filter(started_at=at(20)).update(ended_at=None, end_reason="")
    asked_at = timezone.now()

    page = owner.get("/usage/", {"days": "30"})

    [ann] = [person for name, person in page.context["people"] if name == "ann"]
    [version] = page.context["versions"]
    assert min(ann.last_at, version.last_at) >= asked_at


def test_the_week_heeds_working_hours(owner, account, key):
    account.works_from = dt.time(9, 30)
    account.save(update_fields=["works_from"])

    week = owner.get("/usage/", days(hours="working")).context["week"].rows

    assert [cell.text for cell in week[0][1][8:11]] == ["", "2.0 / 2", "1.0 / 1"]
    assert (week[0][1][8].value, week[0][1][20].value, week[0][1][12].value) == (None, None, 0)


def seats_of_tiles(page):
    """Of how many seats the figures are that are of any."""
    return re.findall(r"<small>of (\d+)</small>", page.text)


def test_a_peak_is_told_against_the_limit_of_its_moment(owner, key):
    LimitChange.objects.create(licence=key.licence, seats=7, since=at(12))

    page = owner.get("/usage/", days())
    opened = owner.get("/usage/", days(until=str(last_monday().date())))

    assert seats_of_tiles(page) == ["2", "7", "7"]
    assert opened.context["peaks"].title == "At most 2 of 2 in use, first from 09:00"


def test_no_limit_is_told_of_a_time_in_which_it_changed(owner, key):
    LimitChange.objects.create(licence=key.licence, seats=7, since=at(12, days=1))

    page = owner.get("/usage/", days())

    assert seats_of_tiles(page) == ["2"]
    assert page.context["levels"].marks[1].label == "User limit at the end: 7"


def test_the_days_of_a_licence_begin_with_its_use(owner, key):
    chart = owner.get(f"/licences/{key.licence_id}/").context["page"].use

    first = [bar.value for bar in chart.bars].index(2)
    assert {bar.value for bar in chart.bars[:first]} == {None}
    since = date_in_words(last_monday().date(), today=timezone.localdate())
    assert chart.title == f"Full on 1 of {len(chart.bars) - first} days, since {since}"
