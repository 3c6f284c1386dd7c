"""The home page."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.utils import timezone

from licensing import licences
from licensing.denials import Counts
from licensing.models import Denial
from licensing.models.licences import LicenceState
from portal.home.overview import Overview
from portal.models import Role
from portal.people import invitations
from portal.words.times import date_in_words
from tests.factories import (
    TESTER,
    MembershipFactory,
    UserFactory,
    ago,
    days_from_today,
    make_client,
    make_pool,
    make_session,
    make_single_user,
    numbers,
)
from tests.licensing.usage.past import beginning, limits_were, session_then
from tests.people import signed_in
from tests.portal.home.needs import deny, items, texts


def steps(browser):
    """Where the first steps lead that a person has not done."""
    return [step.url for step in browser.get("/").context["steps"]]


def test_leads_new_owners_to_their_first_steps(owner, manager, account, pool):
    deployment = f"/licences/{pool.licence_id}/deployment/"
    account.memberships.filter(role="manager").update(role="viewer")

    assert steps(manager) == []
    assert steps(owner) == ["/accounts/two-step/", "/people/", deployment]
    MembershipFactory(account=account)
    make_session(pool)
    assert steps(owner) == ["/accounts/two-step/"]
    owner.post("/snooze/", {"name": "first-steps"})
    assert steps(owner) == []


def test_an_owner_alone_is_led_to_inviting_others(owner, account):
    MembershipFactory(account=account, user__is_active=False)
    licences.set_state(make_pool(account=account).licence, LicenceState.CLOSED, by=TESTER)

    assert steps(owner) == ["/accounts/two-step/", "/people/", "/people/invite/"]

    invitations.invite(account, "tom@example.com", Role.VIEWER, by=TESTER)

    assert steps(owner) == ["/accounts/two-step/", "/people/"]
    account.invitations.update(ends_at=ago(seconds=1))
    assert steps(owner) == ["/accounts/two-step/", "/people/", "/people/invite/"]


def test_lists_what_ends_within_ninety_days(account):
    for name, days in (("Later", 91), ("Sooner", 20), ("Soon", 80)):
        make_pool(account=account, name=name, ends_on=days_from_today(days))
    barred = make_pool(account=account, ends_on=days_from_today(5))
    licences.set_state(barred.licence, LicenceState.SUSPENDED, by=TESTER)

    overview = Overview(account)

    assert [row.licence.name for row in overview.ending] == ["Sooner", "Soon"]
    assert overview.next_to_end.licence.name == "Sooner"


def test_a_pool_says_how_many_are_offline_or_held(account, pool):
    make_session(pool)
    make_session(pool, refreshed=dt.timedelta(hours=1))
    make_session(pool, refreshed=dt.timedelta(hours=49))

    [row] = Overview(account).fullest_pools

    assert (row.in_use, row.away) == (3, 2)


def test_a_suspended_pool_is_not_reported_as_full(account):
    key = make_pool(1, account=account)
    make_session(key)
    licences.set_state(key.licence, LicenceState.SUSPENDED, by=TESTER)

    assert texts(account) == []


def test_counts_the_seats_of_pools(account, pool):
    make_pool(5, account=account)
    make_session(pool)
    make_session(pool, refreshed=dt.timedelta(hours=1))
    make_session(make_single_user(account=account))
    make_session(make_pool())

    overview = Overview(account)

    assert (overview.pool_seats_in_use, overview.pool_seats) == (2, 15)
    assert (overview.sessions, overview.offline, overview.held) == (3, 1, 0)


def test_lists_the_pools_closest_to_full_first(account):
    for name, seats, used in [("A", 3, 0), ("B", 3, 1), ("C", 4, 2), ("D", 2, 1)]:
        key = make_pool(seats, account=account, name=name)
        for _ in range(used):
            make_session(key)

    assert [row.licence.name for row in Overview(account).fullest_pools] == ["C", "D", "B", "A"]


def refused(key, *, days, code="pool_exhausted"):
    """Somebody was refused so many days ago."""
    at = timezone.now() - dt.timedelta(days=days)
    Denial.objects.create(
        account=key.account, licence=key.licence, code=code, identity=uuid.uuid4(),
        username=f"u{next(numbers)}", machine_name="m", version="16", folded_from=at,
        first_at=at, last_at=at,
    )  # fmt: skip


def test_counts_the_true_denials_of_a_week_and_of_the_week_before(account, pool):
    for days in (1, 8, 9, 20, 31):
        refused(pool, days=days)
    refused(make_pool(), days=1)

    overview = Overview(account)

    assert overview.all_denials == Counts(week=1, week_before=2, month=4)
    assert (overview.denials, overview.denials_trend) == (1, "1 fewer than the week before")
    assert [row.denials for row in overview.fullest_pools] == [1]


def test_names_the_three_pools_that_turned_most_people_away(account):
    refused(make_single_user(account=account), days=1, code="device_limit")
    assert texts(account) == []

    pools = [make_pool(account=account, name=f"Turned {n} away") for n in range(4)]
    for times, key in enumerate(pools):
        for _ in range(times + 1):
            refused(key, days=1)
    first, *others = items(account)

    assert [item.text.partition(" couldn't")[0] for item in (first, *others)] == [
        "4 people", "3 people", "2 people",
    ]  # fmt: skip
    assert first.url == (
        f"/usage/denials/?licence={pools[3].licence_id}&reason=pool_exhausted&only=true&days=7"
    )


def test_tells_events_as_sentences(owner, pool):
    session = make_session(pool, make_client(machine_name="CAD-017", username="ACME\\jsmith"))
    owner.post(f"/sessions/{session.pk}/release/", {"reason": "On leave"})

    text = owner.get("/").text

    assert "Priya Shah released ACME\\<wbr>jsmith on CAD-017." in text
    assert "On leave" in text


def test_another_account_sees_none_of_it(stranger, pool):
    make_session(pool)

    response = stranger.get("/")

    assert "London planners" not in response.text
    assert "No licences yet" in response.text


def test_staff_go_to_the_support_console(staff):
    assert staff.get("/")["Location"] == "/support/"


def test_a_person_without_an_account_reads_whom_to_ask(db):
    response = signed_in(UserFactory(email="new@example.com")).get("/")

    assert response.status_code == 200
    assert "Nobody has added new@example.com to an organisation" in response.text


def test_tells_the_peak_of_today_and_of_sixty_days(owner, account):
    pools = [make_pool(2, account=account) for _number in range(2)]
    for pool in pools:
        limits_were(pool, beginning(days=9), 1)
        session_then(pool, beginning(days=8), beginning(days=8) + dt.timedelta(minutes=30))
        make_session(pool)

    response = owner.get("/")

    assert response.context["overview"].peaks.peak_today.level == 2
    assert "In use over the last 24 hours: at most 2" in response.text
    first = date_in_words(timezone.localdate(beginning(days=8)), today=timezone.localdate())
    assert response.text.count(f'aria-label="Full on 2 of 9 days, since {first}"') == 2
    links = re.findall(r'<chart-days>\s*<a href="/usage/\?licence=(\d+)&amp;from=', response.text)
    assert {int(pk) for pk in links} == {pool.licence_id for pool in pools}


def test_nobody_in_today_is_told(owner, pool):
    assert "nobody has been in" in owner.get("/").text


def used_for_weeks(account, seats, *, at_once=1, **more):
    """The pool of a licence of which so many seats were held at once on each of 35 days."""
    key = make_pool(seats, account=account, **more)
    for days in range(1, 36):
        start = timezone.now() - dt.timedelta(days=days)
        for number in range(at_once):
            session_then(key, start, start + dt.timedelta(hours=20), person=f"{number}")
    return key


@pytest.mark.slow
def test_advises_the_sizes_that_usage_advises(owner, viewer, account):
    assert "Size advice" not in owner.get("/").text
    used_for_weeks(account, 1, name="Right")
    assert "Your pool has the right size." in owner.get("/").text

    large = used_for_weeks(account, 3, name="Large")
    small = used_for_weeks(account, 1, at_once=2, name="Small")
    make_session(make_pool(account=account, name="New"))
    page = viewer.get("/")

    rows = re.findall(r'<li data-pool="(\d+)" data-advised="(\d+)".*?<p>(.*?) ?<a', page.text)
    assert [(int(pk), int(size)) for pk, size, _told in rows] == [
        (small.licence_id, 2), (large.licence_id, 1),
    ]  # fmt: skip
    for pk, _size, told in rows:
        assert f'href="/usage/?licence={pk}#sizes"' in page.text
        assert told in owner.get("/usage/", {"licence": pk}).text
    assert "1 pool has the right size. We need 4 weeks of use" in page.text


@pytest.mark.slow
@pytest.mark.parametrize("pools", [1, 3])
def test_needs_as_many_queries_for_many_licences(owner, account, django_assert_num_queries, pools):
    for _ in range(pools):
        key = make_pool(1, account=account, ends_on=days_from_today(5))
        make_session(key, refreshed=dt.timedelta(hours=1))
        session_then(make_pool(5, account=account), ago(days=40), ago(days=39))
        deny(key, people=1)

    with django_assert_num_queries(25):
        owner.get("/")
    with django_assert_num_queries(22):  # the advice of this hour is known
        owner.get("/")
