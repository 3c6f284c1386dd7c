"""The page of use: its figures, what it is asked, and what it cannot count."""

from __future__ import annotations

import datetime as dt
import re
from html import escape, unescape
from urllib.parse import parse_qsl, urlencode

import pytest
from django.http import QueryDict
from django.utils import timezone

from licensing.models import ClientSession, Licence
from licensing.usage import roll_up
from licensing.usage.working_time import DAY
from portal.people import privacy
from portal.usage import cards
from portal.usage.asked import UseAsked
from portal.usage.cards import day_in_words
from tests.api import programs
from tests.factories import TESTER, ago, make_api_token, make_pool, make_single_user
from tests.kept import kept
from tests.licensing.usage.histories import minutes
from tests.licensing.usage.past import limits_were, session_then
from tests.portal.usage.monday import at, days, last_monday, planners, read_csv, tiles

QUERIES = 21


@kept
def key(account):
    return planners(account)


def test_the_tiles_tell_what_was_in_use(owner, key):
    assert tiles(owner.get("/usage/", days())) == {
        "peak": 2,
        "percentile": 1,
        "mean_at_work": 0.2,
        "seat_hours": 5,
        "people": 2,
        "true_denials": 1,
        "full_minutes": 60,
    }
    assert tiles(owner.get("/usage/", days(hours="working")))["seat_hours"] == 4


@pytest.mark.parametrize(("hours", "times"), [("", 0), ("working", 3)])
def test_links_to_all_hours_say_so_where_only_working_hours_count(owner, key, hours, times):
    text = owner.get("/usage/", days(hours=hours)).text

    assert text.count("All hours of these days, not only working hours") == times
    assert ("“Copy as curl” are of all hours" in text) == bool(hours)


def test_working_time_is_that_of_the_account(owner, account, key):
    account.works_on, account.works_from, account.works_until = [1], dt.time(9), dt.time(9, 30)
    account.save()
    session_then(key, at(9, days=1), at(10, days=1), person="ann")

    page = owner.get("/usage/", days(hours="working"))

    assert (tiles(page)["mean_at_work"], tiles(page)["seat_hours"]) == (1, 0.5)
    assert page.text.count("Tue, 09:00 to 09:30") == 4  # head, tile, filter, how it is counted


def test_a_monday_is_compared_with_a_monday(owner, key):
    next_monday = str(at(0, days=7).date())

    page = owner.get("/usage/", {"from": next_monday, "until": next_monday, "compare": "1"})

    before = re.findall(r"· (\S+) before", page.text)
    monday = owner.get("/usage/", days(until=str(at(0).date())))
    assert [float(value) for value in before] == list(tiles(monday).values())
    told = day_in_words(at(0).date(), timezone.localdate())
    assert f"Before: on {told}, the same day of the week before." in page.text


def test_the_figures_are_the_same_before_the_roll_up_and_after(owner, key):
    page = owner.get("/usage/", days())
    before, levels = tiles(page), page.context["levels"]

    assert roll_up.roll_up(key.licence)
    ClientSession.objects.filter(person="ann").delete()

    page = owner.get("/usage/", days())
    assert tiles(page) == before | {"people": 1}
    assert page.context["levels"] == levels


def test_page_file_and_api_tell_the_same(owner, client, account, key):
    page = tiles(owner.get("/usage/", days()))

    rows, of_days = read_csv(owner, "usage"), read_csv(owner, "usage/days")
    asked = UseAsked(account, QueryDict(urlencode(days()))).moments
    moments = {name: moment.isoformat() for name, moment in asked.items()}
    told = programs.data(programs.ask(client, make_api_token(account), "usage", **moments))

    assert page["peak"] == max(int(row["Peak"]) for row in rows)
    assert page["peak"] == max(int(row["Peak"]) for row in of_days)
    assert page["peak"] == max(row["peak"] for row in told)
    assert page["seat_hours"] == sum(float(row["Mean"]) for row in rows)
    assert page["seat_hours"] == sum(row["mean"] for row in told)
    assert page["true_denials"] == sum(row["true_denials"] for row in told)
    assert page["full_minutes"] * 60 == sum(row["seconds_at_limit"] for row in told)


def test_home_licences_and_the_licence_tell_the_same(owner, key):
    roll_up.roll_up(key.licence)

    usage, home = owner.get("/usage/"), owner.get("/").context["overview"]
    page = owner.get(f"/licences/{key.licence_id}/").context["page"]
    [in_file] = read_csv(owner, "licences")
    denials = owner.get("/usage/denials/").context["list"].true

    told, [pool] = tiles(usage), home.fullest_pools
    charts = (usage.context["peaks"], page.use, pool.use)
    assert {max(bar.value or 0 for bar in chart.bars) for chart in charts} == {told["peak"]}
    assert told["peak"] == page.peak == int(in_file["Peak, 30 days"]) == 2
    assert [sum(bar.is_full for bar in chart.bars) for chart in charts] == [1, 1, 1]
    refused = (home.all_denials.month, denials.month, int(in_file["True denials, 30 days"]))
    assert {told["true_denials"], *refused} == {1}


def test_a_program_follows_the_cursor_across_what_is_final_and_what_is_not(client, account, key):
    others = [make_pool(2, account=account, name=name) for name in ("Estimators", "Buyers")]
    for of in (key, *others):
        session_then(of, timezone.now() - minutes(90), timezone.now() - minutes(1), person="cy")
        session_then(of, at(8), at(10), person="cy")
        roll_up.roll_up(of.licence)
    token = make_api_token(account)

    whole = programs.data(programs.ask(client, token, "usage"))
    pages, address = [], "?limit=2"
    while address:
        answer = programs.ask(client, token, f"usage{address}").json()
        pages += answer["data"]
        address = answer["next"] and "?" + answer["next"].partition("?")[2]

    assert pages == whole
    assert len(whole) in (14, 17)


CANNOT_BE = [
    ({"from": "2026-03-02", "until": "2026-03-01"}, "ends before it begins"),
    ({"from": "2016-03-02", "until": "2026-03-01"}, "up to 400 days"),
    ({"from": "2999-03-02", "until": "2999-03-03"}, "has not begun yet"),
    ({"from": "2999-03-02"}, "has not begun yet"),
    ({"from": "2026-02-31"}, "“2026-02-31” is no day"),
    ({"days": "-1"}, "“-1” is no number of days"),
]


def test_days_that_cannot_be_counted_say_why(owner, account, key, django_assert_max_num_queries):
    for asked, word in CANNOT_BE:
        assert word in UseAsked(account, QueryDict(urlencode(asked))).problem, asked

    with django_assert_max_num_queries(25):
        page = owner.get("/usage/", asked)

    assert (page.status_code, tiles(page)) == (200, {})
    assert re.search(rf'id="days-problem" role="alert">.*{word}', page.text)
    assert page.text.count('aria-describedby="days-problem"') == 2


@pytest.mark.parametrize("page", ["/usage/", "/usage/denials/"])
def test_a_licence_of_another_account_is_none(owner, stranger, key, page):
    assert stranger.get(page, {"licence": key.licence_id}).status_code == 404
    for licence in ("0", "x", "9" * 400):
        assert owner.get(page, {"licence": licence}).status_code == 404


def test_licences_are_added_up(owner, account, key):
    second = make_pool(3, account=account, name="Tender")
    limits_were(second, at(0, days=-60), 3)
    session_then(second, at(9), at(10), person="ann")

    page = owner.get("/usage/", days())
    assert tiles(page)["peak"] == 3
    assert "added up over 2 pools" in page.text
    assert tiles(owner.get("/usage/", days(licence=second.licence_id)))["peak"] == 1


def test_pools_peak_together_as_long_as_facts_are_read(owner, account, key):
    second = make_pool(3, account=account, name="Tender")
    session_then(key, at(14), at(14, 5), person="ann")
    session_then(second, at(14, 5), at(14, 10), person="bob")
    monday = days(until=str(last_monday().date()))

    def at_two():
        page = owner.get("/usage/", monday)
        return {bar.label: bar.value for bar in page.context["peaks"].bars}["14:00"]

    assert at_two() == 1
    for licence in (key.licence, second.licence):
        roll_up.roll_up(licence)
    assert at_two() == 2


def test_a_day_is_full_if_any_of_the_pools_was(owner, account, key):
    make_pool(3, account=account, name="Tender")

    page = owner.get("/usage/", days())
    quarters = owner.get("/usage/", days(until=str(last_monday().date()))).context["peaks"]

    assert "At least one pool was full on 1 of 2 working days" in page.text
    assert quarters.title == "At most 2 of 2 in use, first from 09:00"
    assert {bar.label for bar in quarters.bars if bar.is_full} == {
        "09:00", "09:15", "09:30", "09:45",
    }  # fmt: skip


def test_use_and_denials_lead_to_each_other_with_licences_and_days(owner, account, key):
    second = make_pool(3, account=account, name="Tender")
    account.licence_tags.create(licence=second.licence, name="Site")
    asked = days(licence=f"{key.licence_id},{second.licence_id}", tag="site")

    of_use, of_denials = owner.get("/usage/", asked), owner.get("/usage/denials/", asked)

    shown = {"only": "true", "from": asked["from"], "until": asked["until"]}
    to_denials = urlencode(shown | {name: asked[name] for name in ("licence", "tag")})
    assert f'"/usage/denials/?{escape(to_denials)}"' in of_use.text
    back = re.search(r'href="(/usage/\?[^"]*)"', of_denials.text)[1]
    assert dict(parse_qsl(unescape(back).partition("?")[2])) == asked


def test_before_anybody_came_it_says_so(owner, pool):
    assert "The first session shows within a minute." in owner.get("/usage/").text


def test_viewers_see_aliases_where_owners_want_that(viewer, owner, account, key):
    assert "ann" in owner.get("/usage/", days()).context["people"][0]
    privacy.show_aliases(account, True, by=TESTER)

    page = viewer.get("/usage/", days())

    assert "Person " in page.context["people"][0][0]


@pytest.mark.slow
def test_tells_whom_the_other_model_would_serve_better(owner, viewer, account, key):
    moved_back(make_single_user(account=account, name="Idle").licence, days=91)
    seldom = make_single_user(account=account, name="Seldom")
    moved_back(seldom.licence, days=100)
    session_then(seldom, timezone.now() - 3 * DAY, timezone.now() - 3 * DAY + minutes(5))
    make_single_user(account=account, name="New")
    session_then(key, timezone.now() - 30 * DAY, timezone.now(), person="kim")

    idle, now_and_then, always = better(owner.get("/usage/"))

    assert idle.startswith("Idle: Nobody has opened it for 91 days")
    assert now_and_then.startswith("Seldom: It was used on 1 day of the last 90")
    assert always.startswith("Planners: kim held a seat for 240 of the 240 working hours")
    assert better(owner.get("/usage/", {"licence": key.licence_id})) == [always]
    privacy.show_aliases(account, True, by=TESTER)
    assert "kim" not in better(viewer.get("/usage/"))[2]
    rows = read_csv(viewer, "usage/other-model")
    assert [f"{row['Licence']}: {row['Advice']}" for row in rows] == better(viewer.get("/usage/"))


def moved_back(licence, *, days):
    """It was issued so many days ago."""
    Licence.objects.filter(pk=licence.pk).update(created_at=ago(days=days))


def better(page):
    """What is told of the other model."""
    return [f"{one.licence.name}: {one.sentence}" for one in page.context["other_model"].told]


def test_where_very_many_seats_were_in_use_a_bar_tells_several(owner, key, monkeypatch):
    monkeypatch.setattr(cards, "MOST_BARS", 2)

    levels = owner.get("/usage/", days()).context["levels"]

    assert [bar.label for bar in levels.bars] == ["0–1", "2–3"]
    assert [mark.at for mark in levels.marks] == [0, 1]
    assert round(sum(bar.value for bar in levels.bars)) == 100


@pytest.mark.slow
def test_how_often_the_database_is_asked_does_not_grow_with_days_or_licences(
    owner, account, key, django_assert_num_queries
):
    owner.get("/usage/", days())
    with django_assert_num_queries(QUERIES):
        owner.get("/usage/", days())
    for _number in range(2):
        session_then(make_pool(2, account=account), at(8), at(10))
    with django_assert_num_queries(QUERIES):  # one adds a year up, and no key is to choose
        owner.get("/usage/", {"days": "365"})
