"""What needs somebody's attention on the home page, and putting it off."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from licensing import licences
from portal.models import Role, Snooze
from tests.factories import TESTER, AccountFactory, ago, days_from_today, make_pool, make_session
from tests.portal.home.needs import deny, texts


def test_says_that_all_is_quiet(owner, pool):
    assert "All quiet. Nothing needs you today." in owner.get("/").text


def test_says_what_is_full_and_who_could_not_start(account):
    key = make_pool(1, account=account, name="Tender office")
    make_session(key)
    deny(key, people=2)

    assert texts(account) == [
        "Tender office is full: its only seat is in use.",
        "2 people couldn't start with Tender office in the last 7 days, "
        "because every seat was in use.",
    ]


def test_says_what_is_over_its_limit(account, pool):
    for _ in range(3):
        make_session(pool)
    licences.set_seats(pool.licence, 2, by=TESTER)

    assert texts(account) == [
        "London planners has 3 in use and a limit of 2. No program is closed; "
        "nobody new can start until use falls below 2."
    ]


def test_says_which_seats_are_held_after_their_grace_period(account, pool):
    make_session(pool, refreshed=dt.timedelta(hours=49))
    make_session(pool, refreshed=dt.timedelta(hours=1))

    assert texts(account) == [
        "1 seat is held by a PC that has been offline beyond its grace period."
    ]


def test_says_what_ends_soon(account):
    make_pool(account=account, name="Later", ends_on=days_from_today(60))
    make_pool(account=account, name="Sooner", ends_on=days_from_today(20))
    make_pool(account=account, name="Soonest", ends_on=days_from_today(3))

    [text] = texts(account)

    assert text.startswith("2 licences end within 30 days, first Soonest on ")


def test_says_which_key_unusually_many_new_machines_use(account, pool):
    type(pool).objects.filter(pk=pool.pk).update(created_at=ago(days=60))
    for _ in range(5):
        make_session(pool)

    assert texts(account) == [
        f"Key ending {pool.last_four} was used by 5 new machines in the last 7 days."
    ]


@pytest.mark.slow
def test_a_person_puts_something_off_for_seven_days(owner, manager, account):
    make_session(make_pool(1, account=account))
    [item] = owner.get("/").context["attention"]
    person = account.memberships.get(role=Role.OWNER).user
    elsewhere = {"person": person, "name": item.name, "until": ago(days=-1)}
    Snooze.objects.create(account=AccountFactory(), **elsewhere)

    assert owner.get("/").context["attention"] == [item]
    owner.post("/snooze/", {"name": item.name})

    assert owner.get("/").context["attention"] == []
    assert manager.get("/").context["attention"] == [item]
    [until] = account.snoozes.values_list("until", flat=True)
    assert round((until - timezone.now()).total_seconds() / 3600) == 7 * 24
    Snooze.objects.update(until=ago(seconds=1))
    assert owner.get("/").context["attention"] == [item]


def test_what_was_put_off_is_shown_again_when_asked_for(owner, manager, account):
    make_session(make_pool(1, account=account))
    [item] = owner.get("/").context["attention"]
    for browser in (owner, manager):
        browser.post("/snooze/", {"name": item.name})

    owner.post("/wake/")

    assert owner.get("/").context["attention"] == [item]
    assert manager.get("/").context["attention"] == []


def test_what_is_not_there_cannot_be_put_off(owner, pool):
    assert owner.post("/snooze/", {"name": "full:1"}).status_code == 404
