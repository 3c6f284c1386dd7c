"""Every list that is declared agrees with itself: page, form, saved views, files and API."""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections import Counter
from itertools import chain

import pytest
from django.http import QueryDict
from django.urls import reverse

from licensing import sessions
from licensing.models import Denial
from licensing.usage.groups import Grouping
from portal.api import curl
from portal.audit.listed import Kind
from portal.exports.full import FULL
from portal.licences.listed import Days
from portal.listings import EVERY_LIST, LISTINGS, LISTS, TABLES
from portal.lists import saved_views
from portal.lists.asked import AskedList
from portal.models import Role
from portal.sessions.narrowings import Narrowing
from portal.words import recorded
from portal.words.aliases import Names
from portal.words.refusals import Reason
from portal.words.statuses import LicenceStatus
from portal.words.times import utc_stamp
from tests.api import programs
from tests.factories import (
    ago,
    make_api_token,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)
from tests.kept import kept

HOURS = (0, 1, 9, 49)
WITH_PAGE = [name for name, listing in LISTINGS.items() if listing.page]
CHOSEN = {"licence": ["{licence}"], "tag": ["Site", "none"]}
ASKED = {
    "sessions": {"q": ["anna", "state:held"], "state": Narrowing, "licence": ["{licence}", "0"]},
    "licences": {
        "q": ["london", "anna"],
        "state": LicenceStatus,
        "tag": ["Site"],
        "product": ["asta-powerproject", "none"],
        "version": ["16.0.02"],
        "unused": Days,
        "ends": Days,
    },
    "machines": {"key": ["{key}"]},
    "denials": {
        "q": ["anna"],
        "reason": Reason,
        "licence": ["{licence}", "0"],
        "tag": ["site", "None"],
        "only": ["true"],
    },
    "usage": CHOSEN | {"hours": ["working"], "compare": ["1"], "group": Grouping},
    "usage_days": CHOSEN | {"hours": ["working"]},
    "usage_sessions": CHOSEN | {"hours": ["working"]},
    "usage_groups": CHOSEN | {"hours": ["working"], "group": Grouping},
    "usage_week": CHOSEN,
    "usage_levels": CHOSEN,
    "usage_sizes": CHOSEN,
    "usage_other_model": CHOSEN,
    "usage_people": CHOSEN | {"hours": ["working"]},
    "usage_versions": CHOSEN,
    "audit": {"who": ["test"], "about": ["London"], "kind": Kind, "staff": ["1"], "part_of": ["1"]},
}
"""What an address may ask of each list: every word where they are few, else some."""


@kept
def filled(account, pool):
    """Something in every list."""
    make_pool(account=account, product="asta-powerproject-4d")
    tender = make_pool(9, account=account, name="Tender")
    for hours, name in zip(HOURS, ["anna", "bert", "cleo", "dora"], strict=True):
        client = make_client(username=name, os_session="3" if hours == 1 else "")
        make_session(tender, client, refreshed=dt.timedelta(hours=hours))
    sessions.close(make_session(tender, make_client(username="anna")).pk)
    single = make_single_user(account=account, name="Estimator")
    make_session(single, make_client(username="anna", version="16.0.02"))
    account.licence_tags.create(licence=single.licence, name="Site")
    for code, name in (("pool_exhausted", "anna"), ("key_invalid", "bert")):
        Denial.objects.create(
            account=account,
            licence=pool.licence,
            code=code,
            identity="00000000-0000-0000-0000-000000000001",
            username=name,
            machine_name="CAD-1",
            folded_from=ago(hours=1),
        )
    return account


def asked_of(name, pool):
    """The parameters of a list, one at a time, as an address has them."""
    ids = {"licence": pool.licence_id, "key": pool.pk}
    for parameter, words in ASKED[name].items():
        for word in words:
            yield parameter, word.format(**ids)


TOLD_APART = {
    "audit": operator.itemgetter("number"),
    "usage": operator.itemgetter("start", "licence"),
}


def row_ids(name, rows):
    """What tells the rows of a list apart in the API."""
    found = {
        "licences": lambda row: row.licence.pk,
        "audit": lambda row: row.number,
        "sessions": lambda row: str(row.pk),
        "denials": lambda row: row.pk,
        "usage": lambda row: (utc_stamp(row.hour.start), row.licence.pk),
    }[name]
    return Counter(map(found, rows))


def test_each_list_has_its_line():
    assert set(EVERY_LIST) == set(AskedList.__subclasses__())


def test_each_parameter_is_asked_here():
    declared = {
        name: {parameter.name for parameter in listing.parameters}
        for name, listing in LISTINGS.items()
    }

    assert {name: asked.keys() for name, asked in ASKED.items()} == declared


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in LISTINGS if name in programs.LISTS])
def test_a_program_that_is_sent_the_command_gets_the_same_rows(
    client, filled, pool, subtests, name
):
    token = make_api_token(filled)
    for parameter, word in asked_of(name, pool):
        with subtests.test(**{parameter: word}):
            asked = QueryDict(mutable=True)
            asked[parameter] = word
            listed = LISTS[name](filled, asked, Names(filled, are_aliases=False))

            command = curl.command(name, listed.as_asked | {"limit": 100})

            address = re.search(r'"http://testserver([^"]*)"', command)[1]
            answer = client.get(address, headers=programs.bearer_of(token))
            told = Counter(
                TOLD_APART.get(name, operator.itemgetter("id"))(row)
                for row in programs.data(answer)
            )
            assert listed.is_narrowed
            assert told == row_ids(name, listed.rows)


@pytest.mark.parametrize("name", WITH_PAGE)
def test_a_saved_view_remembers_whatever_is_asked(pool, subtests, name):
    listing = LISTINGS[name]
    of_tables = [(p, "user") for table in listing.tables for p in table.parameters]
    sizes = [("per", size) for size in listing.page_sizes]
    for parameter, word in chain(asked_of(name, pool), of_tables, sizes):
        with subtests.test(**{parameter: word}):
            query = QueryDict(mutable=True)
            query[parameter] = word

            assert saved_views.normal(listing, query) == query.urlencode()


@pytest.mark.census
@pytest.mark.parametrize("name", WITH_PAGE)
def test_the_form_of_filters_passes_everything_on_once(owner, filled, pool, name):
    listing = LISTINGS[name]
    asked = dict.fromkeys(set(listing.saved) - {"from", "until"}, "user") | {"days": "90"}
    if "licence" in asked:
        asked["licence"] = pool.licence_id

    page = owner.get(listing.url, asked).text

    form = re.search(r'<form class="filters".*?</form>', page, re.DOTALL)[0]
    fields = Counter(re.findall(r'<(?:input|select)[^>]* name="([^"]+)"', form))
    of_many = {parameter.name for parameter in listing.parameters if parameter.is_many}
    assert fields | Counter(of_many) == fields  # a tick for each of many
    assert fields - Counter(dict.fromkeys(of_many, 99)) == Counter(set(listing.saved) - of_many)


@pytest.mark.census
@pytest.mark.parametrize("name", WITH_PAGE)
def test_who_sees_a_list_is_the_same_at_each_of_its_doors(viewer, name):
    listing = LISTINGS[name]
    doors = [
        viewer.get(listing.url),
        viewer.get(reverse("portal:save_view", args=[name])),
        viewer.post(reverse(f"portal:export_{name}"), {"format": "csv"}),
    ]

    for door in doors:
        b"".join(door)  # else the file stays open, and fails whichever test notices that
    expected = 200 if Role.VIEWER.includes(listing.role) else 403
    assert [door.status_code for door in doors] == [expected] * 3


def test_the_columns_of_files_have_headings_and_names_of_their_own():
    for listing in LISTINGS.values():
        assert all(column.header for column in listing.file), listing.name
        assert len(set(listing.header)) == len(listing.file), listing.name
        assert len({column.name for column in listing.file}) == len(listing.file), listing.name
        assert reverse(f"portal:export_{listing.name}").endswith("/export/")


def test_the_columns_of_tables_have_labels_and_names_of_their_own():
    for name, table in TABLES.items():
        assert all(column.label for column in table.columns), name
        assert len({column.name for column in table.columns}) == len(table.columns), name
        assert table.first_sort.removeprefix("-") in {"", *table.sorts}, name


def test_the_record_tells_of_each_list_by_name():
    assert recorded.LISTS.keys() == {*LISTINGS, FULL}
