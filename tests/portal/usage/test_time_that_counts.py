"""Which time figures are of: none before the first use, and none that there is not."""

from __future__ import annotations

import pytest
from django.utils import timezone

from portal.words.times import date_in_words
from tests.kept import kept
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
    ("more", "of_ann"), [({}, ("3.0", at(20))), ({"hours": "working"}, ("2.0", at(8)))]
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
