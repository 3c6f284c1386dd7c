"""Paging by cursors: each row on exactly one page, there and back, in every order."""

from __future__ import annotations

import datetime as dt
import html
import itertools
import re
from dataclasses import replace

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from licensing import sessions
from licensing.models import ClientSession, Denial
from portal.licences.listed import LICENCES
from portal.licences.query import LicenceList
from portal.lists import paging
from portal.lists.cursors import By, Moment, NoCursorError, Order, Text, Uuid, cursor
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


def test_each_session_is_on_one_page(seven, subtests):
    rows = seven.sessions.with_state()
    for sort, are_aliases in itertools.product(ways(SESSIONS.table.sorts), (False, True)):
        with subtests.test(sort=sort, are_aliases=are_aliases):
            names = Names(seven, are_aliases=are_aliases)
            listed = SessionList(seven, QueryDict(f"sort={sort}"), names)

            there, back = walked(rows, listed.order)

            assert len(set(there)) == 7
            assert there == back == list(listed.order.on(rows))


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


@given(st.text())
def test_what_is_no_cursor_is_said_so(text):
    order = Order((By(name="started_at", kind=Moment), By(name="pk", kind=Uuid)))

    with pytest.raises(NoCursorError):
        order.read(text)


@given(
    st.datetimes(timezones=st.just(dt.UTC)),
    st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    st.uuids(),
)
def test_a_cursor_reads_as_it_was_written(moment, text, uuid):
    order = Order(
        (
            By(name="moment", kind=Moment, is_nullable=True),
            By(name="text", kind=Text),
            By(name="uuid", kind=Uuid),
        )
    )

    assert order.read(cursor([moment, text, uuid])) == (moment, text, uuid)
    assert order.read(cursor([None, text, uuid])) == (None, text, uuid)


NASTY = [
    "",
    "%",
    "ä",
    "e30",
    "WzFd",
    cursor(["a\0b", "9b9c5e0e-7a4c-4c59-8d6c-0d6f2f1f9a11", 50]),
    cursor(["a", "no id", 50]),
    cursor(["a", "9b9c5e0e-7a4c-4c59-8d6c-0d6f2f1f9a11", -1]),
    cursor([2**80, 2**80, 2**80]),
    cursor(["0001-01-01T00:00:00+14:00", 2**63, 1]),
    "A" * 5000,
]
LISTS = ["/sessions/", "/licences/", "/usage/denials/", "/audit/", "/people/", "/requests/",
         "/api-tokens/"]  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_an_unusable_cursor_shows_the_first_page(owner, pool, path):
    make_session(pool)
    sort = "user" if path == "/sessions/" else ""
    first = rows_of(owner.get(path, {"sort": sort}))

    for text in NASTY:
        for name in ("after", "before", "pools-after", "single-before"):
            page = owner.get(path, {"sort": sort, name: text})
            assert (page.status_code, rows_of(page)) == (200, first)


@pytest.mark.parametrize(
    "place",
    [
        ["0001-01-01T00:00:00+14:00", "9b9c5e0e-7a4c-4c59-8d6c-0d6f2f1f9a11", 1],
        ["9999-12-31T23:59:59-14:00", "9b9c5e0e-7a4c-4c59-8d6c-0d6f2f1f9a11", 1],
        ["2026-11-24T14:05:00Z", "9b9c5e0e-7a4c-4c59-8d6c-0d6f2f1f9a11", 2**63 - 1],
    ],
)
def test_a_cursor_of_any_time_is_answered(owner, pool, place):
    make_session(pool)

    for name in ("after", "before"):
        assert owner.get("/sessions/", {name: cursor(place)}).status_code == 200


def rows_of(page):
    """What the page's rows are about, without the way back to the page."""
    text = re.sub(r"\?next=[^\"]*", "", page.text)
    return re.findall(r'class="cell-main">.*?</td>|<summary>.*?</summary>', text, re.DOTALL)


def test_links_lead_on_and_back_and_keep_the_view(owner, account, pool, monkeypatch):
    monkeypatch.setattr(SessionList, "listing", replace(SESSIONS, page_sizes=("2",)))
    for name in "abcde":
        make_session(pool, make_client(username=name))
    view = "?q=planners&sort=user&per=2"

    second = owner.get("/sessions/" + link(owner.get("/sessions/" + view), "next"))
    third = owner.get("/sessions/" + link(second, "next"))

    assert [row.username for row in third.context["list"].page] == ["e"]
    assert "5 to 5 of 5" in third.text
    assert 'rel="next"' not in third.text
    again = link(third, "prev")
    assert again.startswith(f"{view}&before=")
    assert rows_of(owner.get("/sessions/" + again)) == rows_of(second)


def test_the_audit_log_loads_more_without_counting(owner, account):
    for _ in range(26):
        make_pool(1, account=account)

    first = owner.get("/audit/")
    second = owner.get("/audit/" + link(first, "next"))

    assert "Load more" in first.text
    assert first.context["log"].page.total is None
    assert rows_of(owner.get("/audit/" + link(second, "prev"))) == rows_of(first)


def link(page, rel):
    return html.unescape(re.search(f'rel="{rel}" href="([^"]+)"', page.text)[1])


def test_going_back_leads_on_to_what_came_meanwhile():
    order = Order((By(name="number", kind=int, value=lambda number: number),))
    second = page_of([4, 5, 6, 7], order, 4, after=page_of([4, 5, 6, 7], order, 4).after)

    back = page_of([1, 2, 3, 4, 5, 6, 7], order, 7, before=second.before)

    assert (second.rows, back.rows) == ([6, 7], [4, 5])
    assert page_of([1, 2, 3, 4, 5, 6, 7], order, 7, before=back.before).rows == [2, 3]
