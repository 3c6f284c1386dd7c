"""Paging by cursors: each row on exactly one page, there and back, in every order."""

from __future__ import annotations

import itertools

import pytest
from django.http import QueryDict

from licensing import sessions
from licensing.models import ClientSession, Denial
from portal.licences.listed import LICENCES
from portal.licences.query import LicenceList
from portal.lists import paging
from portal.lists.cursors import By, Order, cursor
from portal.people import members as people
from portal.sessions.active import SessionList
from portal.sessions.listed import SESSIONS
from portal.usage.denials import DenialList
from portal.usage.listed import DENIALS
from portal.words.aliases import Names
from tests.factories import (
    MembershipFactory,
    UserFactory,
    ago,
    days_from_today,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)

PER = 2


def ways(sorts):
    """Each order of a list, up and down."""
    return [f"{sign}{name}" for name in sorts for sign in ("", "-")]


def walked(rows, order):
    """The pages' rows from the first page to the last, and from the last back to the first."""
    there, back = [], []
    total = len(order.first(rows, 1000))
    page = page_of(rows, order, total)
    while True:
        assert (page.first, page.total) == (len(there) + 1, total)
        there += page.rows
        if not page.after:
            break
        page = page_of(rows, order, total, after=page.after)
    while True:
        back = page.rows + back
        if not page.before:
            break
        page = page_of(rows, order, total, before=page.before)
        assert page.last == total - len(back)
    return there, back


def page_of(rows, order, total, **cursors):
    parameters = QueryDict(mutable=True)
    parameters.update(cursors)
    return paging.page_of(rows, order, parameters, total=total, per=PER)


@pytest.fixture
def seven(account, pool):
    """Sessions with ties in everything, in both cases, some with nothing where there may be."""
    single = make_single_user(7, account=account, name="London planners")
    for number, name in enumerate(["anna", "Anna", "ANNA", "bert", "Bert", "cleo", "ärzte"]):
        key = single if number % 2 else pool
        session = make_session(key, make_client(username=name, version=f"1{6 + number % 2}"))
        ClientSession.objects.filter(pk=session.pk).update(
            machine_name=f"CAD-{number // 2}",
            machine=f"cad-{number // 2}",
            started_at=ago(hours=number // 3),
            refreshed_at=ago(hours=(number % 3) * 30),
        )
        if number > 4:
            sessions.close(session.pk)
    same = ClientSession.objects.earliest("started_at")
    ClientSession.objects.filter(ended_at=None).update(started_at=same.started_at)
    return account


@pytest.mark.slow
def test_each_session_is_on_one_page(seven, subtests):
    rows = seven.sessions.with_state()
    for sort, are_aliases in itertools.product(ways(SESSIONS.table.sorts), (False, True)):
        with subtests.test(sort=sort, are_aliases=are_aliases):
            names = Names(seven, are_aliases=are_aliases)
            listed = SessionList(seven, QueryDict(f"sort={sort}"), names)

            there, back = walked(rows, listed.order)

            assert len(set(there)) == 7
            assert there == back == list(listed.order.on(rows))


@pytest.mark.census
@pytest.mark.parametrize("sort", ["user", "-user", "machine", "-state", "length", "-back"])
def test_the_order_is_the_lists_own(seven, sort):
    names = Names(seven, are_aliases=False)
    up, down = (
        SessionList(seven, QueryDict(f"sort={way}"), names) for way in (sort, opposite(sort))
    )

    assert list(up.rows) == list(reversed(down.rows))


def opposite(sort):
    return sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"


@pytest.fixture
def nine(account):
    """Licences with ties in everything: six pools and three for single users."""
    for number in range(3):
        make_pool(2 + number % 2, account=account, name="Alike")
        make_session(make_pool(2, account=account, ends_on=days_from_today(30 + number // 2)))
        make_session(make_single_user(account=account), make_client(version=f"1{6 + number}.1"))
    return account


def test_each_licence_is_on_one_page(nine, subtests):
    names = Names(nine, are_aliases=False)
    rows = LicenceList(nine, QueryDict(), names).everything
    every = sorted(row.licence.pk for row in rows)
    tables = [(table, sort) for table in LICENCES.tables for sort in ways(table.sorts)]
    for table, sort in tables:
        with subtests.test(sort=sort, table=table.name):
            listed = LicenceList(nine, QueryDict(f"{table.prefix}sort={sort}"), names)

            there, back = walked(rows, listed.order(table))

            assert there == back
            assert sorted(row.licence.pk for row in there) == every


@pytest.fixture
def denied(account, pool):
    """Seven denials with ties in everything."""
    for number in range(7):
        Denial.objects.create(
            account=account,
            licence=pool.licence if number % 3 else None,
            code="pool_exhausted" if number % 2 else "key_invalid",
            identity=f"00000000-0000-0000-0000-00000000000{number}",
            username=f"user {number // 2}",
            machine_name=f"CAD-{number // 3}",
            in_use=None if number % 2 else number // 3,
            count=1 + number // 4,
            folded_from=ago(hours=1),
        )
    Denial.objects.filter(count=1).update(last_at=ago(hours=1))
    return account


@pytest.mark.slow
def test_each_denial_is_on_one_page(denied, subtests):
    every_way = ["", *ways(DENIALS.table.sorts)]
    for sort, are_aliases in itertools.product(every_way, (False, True)):
        with subtests.test(sort=sort, are_aliases=are_aliases):
            names = Names(denied, are_aliases=are_aliases)
            listed = DenialList(denied, QueryDict(f"sort={sort}"), names)

            there, back = walked(listed.matching, listed.order)

            assert len(set(there)) == 7
            assert there == back == list(listed.rows)


def test_each_person_is_on_one_page(account):
    for number in range(7):
        user = UserFactory(name=f"Person {number // 2}")
        MembershipFactory(account=account, user=user, role=("owner", "viewer")[number % 2])

    there, back = walked(people.of(account), people.ORDER)

    assert len(set(there)) == 7
    assert there == back == list(people.of(account))


def test_rows_that_come_shift_nothing(account):
    members = [MembershipFactory(account=account, user=UserFactory(name=n)) for n in "bdfh"]
    first = page_of(people.of(account), people.ORDER, 4)
    MembershipFactory(account=account, user=UserFactory(name="a"))

    second = page_of(people.of(account), people.ORDER, 5, after=first.after)

    assert second.rows == members[2:]
    assert (second.first, second.last, second.total) == (4, 5, 5)


def test_rows_that_went_shift_nothing(account):
    members = [MembershipFactory(account=account, user=UserFactory(name=n)) for n in "bdfh"]
    first = page_of(people.of(account), people.ORDER, 4)
    members[1].delete()

    second = page_of(people.of(account), people.ORDER, 3, after=first.after)

    assert second.rows == members[2:]
    assert (second.first, second.last) == (2, 3)


def test_a_place_behind_the_end_shows_the_first_page(account):
    members = [MembershipFactory(account=account, user=UserFactory(name=n)) for n in "ab"]
    last = cursor([*people.ORDER.place_of(people.of(account)[1]), 2])

    assert page_of(people.of(account), people.ORDER, 2, after=last).rows == members


def test_going_back_leads_on_to_what_came_meanwhile():
    order = Order((By(name="number", kind=int, value=lambda number: number),))
    second = page_of([4, 5, 6, 7], order, 4, after=page_of([4, 5, 6, 7], order, 4).after)

    back = page_of([1, 2, 3, 4, 5, 6, 7], order, 7, before=second.before)

    assert (second.rows, back.rows) == ([6, 7], [4, 5])
    assert page_of([1, 2, 3, 4, 5, 6, 7], order, 7, before=back.before).rows == [2, 3]
