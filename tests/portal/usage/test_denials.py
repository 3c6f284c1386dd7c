"""True denials and those that ended well are told apart."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from licensing import denials, errors, sessions
from licensing.models import Denial
from portal.home.overview import Overview
from portal.people import privacy
from portal.usage.denials import DenialList
from portal.words.aliases import Names
from tests.factories import TESTER, ago, make_client, make_pool, make_session
from tests.kept import kept


@kept
def key(account):
    """A pool of one seat that refused two people, of whom one got a seat a moment later."""
    key = make_pool(1, account=account, name="Tender office")
    held = make_session(key)
    patient = make_client(username="ACME\\patient")
    for client in (patient, make_client(username="ACME\\gave-up")):
        with pytest.raises(errors.PoolExhausted):
            sessions.check_out(key, client)
    sessions.close(held.pk)
    make_session(key, patient)
    return key


def test_home_counts_the_true_ones(owner, account, key):
    overview = Overview(account)

    assert overview.denials == 1
    assert "1 person couldn&#x27;t start with Tender office" in owner.get("/").text


def test_the_list_counts_the_true_ones(owner, key):
    move_back("ACME\\gave-up", days=8)

    [row] = owner.get("/licences/").context["pools"]

    assert row.denials == 1


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"from": "2026-03-02", "until": "2026-03-01"}, "ends before it begins"),
        ({"until": "9999-12-31"}, "“9999-12-31” is no day"),
    ],
)
def test_days_that_cannot_be_say_why_and_list_nobody(owner, key, asked, word):
    page = owner.get("/usage/denials/", asked)

    assert re.search(rf'id="days-problem" role="alert">.*{word}', page.text)
    assert 'data-rows="0"' in page.text
    assert "Nobody was refused" not in page.text


def test_what_is_not_understood_is_said(owner, key):
    asked = {"reason": "mood", "only": "maybe", "tag": "moods", "q": "mood:bad last>soon"}

    page = owner.get("/usage/denials/", asked)

    for says in (
        "There is no reason “mood”.",
        "“maybe” is no kind of refusal",
        "None of these licences has the tag “moods”.",
        "No filter called &#x27;mood&#x27;.",
        "“soon” is nothing that &#x27;last&#x27; knows.",
    ):
        assert says in page.text


def test_of_what_is_not_understood_nothing_is_found_but_any_reason_and_kind(account, key):
    asked = {"reason": "mood", "only": "maybe", "tag": "moods", "q": "mood:bad"}

    found = {name: len(listed(account, **{name: word}).rows) for name, word in asked.items()}

    assert found == {"reason": 2, "only": 2, "tag": 0, "q": 0}
    assert not listed(account, q="last>soon").rows


def listed(account, **asked):
    """The list as an address asks for it, without the page around it."""
    parameters = QueryDict(mutable=True)
    parameters.update({name: str(value) for name, value in asked.items()})
    return DenialList(account, parameters, Names(account, are_aliases=False))


def test_the_licence_says_what_became_of_each(owner, key):
    move_back("ACME\\gave-up", days=8)
    refused_before("ACME\\gave-up", 20, 40)

    page = owner.get(f"/licences/{key.licence_id}/").context["page"]

    assert page.denials.counts == {"total": 3, "true": 2, "people": 1}
    assert page.denials.true.week == 0
    assert told(page.latest_denials) == [
        ("ACME\\gave-up", "All seats in use", "Gave up", True),
        ("ACME\\gave-up", "All seats in use", "Gave up", True),
        ("ACME\\patient", "All seats in use", "Got a seat after 1 min", False),
    ]


def told(rows):
    """What a list says of each denial."""
    return [(row.denial.username, row.reason, row.outcome, row.is_true) for row in rows]


def people(response):
    """Who stands on the page."""
    return [row.denial.username for row in response.context["list"].page]


def move_back(username, **amount):
    """Let a refusal have been so long before."""
    earlier = {name: ago(**amount) for name in ("first_at", "last_at")}
    assert Denial.objects.filter(username=username).update(**earlier)


def refused_before(username, *days):
    """Let somebody have been refused so many days ago, too."""
    again = Denial.objects.get(username=username)
    for ago_in_days in days:
        again.pk = again.id = None
        again.first_at = again.last_at = timezone.now() - dt.timedelta(ago_in_days)
        again.folded_from = again.first_at
        again.save(force_insert=True)


def test_true_ones_come_first(owner, key):
    move_back("ACME\\gave-up", minutes=30)

    assert told(owner.get("/usage/denials/").context["list"].page) == [
        ("ACME\\gave-up", "All seats in use", "Gave up", True),
        ("ACME\\patient", "All seats in use", "Got a seat after 1 min", False),
    ]


def test_shows_only_the_true_ones(owner, key):
    refused_before("ACME\\gave-up", 20, 40)

    response = owner.get("/usage/denials/", {"only": "true"})

    found = response.context["list"]
    assert people(response) == ["ACME\\gave-up"] * 2
    assert (found.page.total, found.counts) == (2, {"total": 3, "true": 2, "people": 1})


def test_sorts_by_a_column(owner, account, key):
    move_back("ACME\\patient", minutes=30)
    by_name = ["ACME\\gave-up", "ACME\\patient"]
    back = by_name[::-1]
    sorted_by = {"user": by_name, "-user": back, "when": back, "-when": by_name, "x": by_name}

    found = {
        sort: [denial.username for denial in listed(account, sort=sort).rows] for sort in sorted_by
    }

    assert found == sorted_by
    assert 'aria-sort="ascending"' in owner.get("/usage/denials/", {"sort": "user"}).text


@pytest.mark.slow
def test_narrows_to_licence_reason_person_and_days(owner, account, key):
    old = make_pool(1, account=account, name="Old program")
    with pytest.raises(errors.VersionNotSupported):
        sessions.check_out(old, make_client(username="ACME\\old", version="15"))
    move_back("ACME\\patient", days=3)
    three_days_ago = (timezone.localdate() - dt.timedelta(days=3)).isoformat()

    def shown(**parameters):
        return sorted(denial.username for denial in listed(account, **parameters).rows)

    assert shown() == ["ACME\\gave-up", "ACME\\old", "ACME\\patient"]
    assert shown(licence=old.licence_id) == ["ACME\\old"]
    assert shown(reason="version_not_supported") == ["ACME\\old"]
    of_reason = owner.get("/usage/denials/", {"reason": "version_not_supported"})
    assert told(of_reason.context["list"].page) == [("ACME\\old", "Version too old", "", False)]
    assert shown(q="GAVE acme") == ["ACME\\gave-up"]
    for found in (
        "user:gave-up",
        "user:*GAVE-UP machine:* pool:tender version>1",
        "user:gave last<1h",
    ):
        assert shown(q=found) == ["ACME\\gave-up"]
    assert shown(q="user:nobody") == shown(q="user:gave last>1h") == []
    assert shown(**{"from": three_days_ago, "until": three_days_ago}) == ["ACME\\patient"]
    assert shown(reason="x", q="\0") == shown()
    assert shown(licence=f"{old.licence_id},{key.licence_id}") == shown()
    account.licence_tags.create(licence=old.licence, name="Site")
    assert shown(licence=f"{old.licence_id},{key.licence_id}", tag="site") == ["ACME\\old"]
    assert owner.get("/usage/denials/", {"licence": "x"}).status_code == 404


def test_counts_those_of_one_licence(owner, account, key):
    other = make_pool(1, account=account)

    asked = ({}, {"licence": key.licence_id}, {"licence": other.licence_id})
    assert [listed(account, **one).true.week for one in asked] == [1, 1, 0]
    assert "0 in the 7 days before" in owner.get("/usage/denials/").text


def test_says_that_nobody_was_refused(owner, pool):
    assert "Nobody was refused in these days." in owner.get("/usage/denials/").text
    assert "No denials match." in owner.get("/usage/denials/?q=x").text


def test_exports_the_view(viewer, key):
    answer = viewer.post("/usage/denials/export/?only=true", {"format": "csv"})

    [row] = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert (row["User"], row["Reason"], row["Class"], row["In use"]) == (
        "ACME\\gave-up", "pool_exhausted", "true", "1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "people", "machines"),
    [
        ("en-gb", "Several people", "Several machines"),
        ("de", "Mehrere Personen", "Mehrere Rechner"),
    ],
)
def test_many_of_one_key_are_several_people_of_whom_no_end_is_known(
    manager, key, monkeypatch, language, people, machines
):
    monkeypatch.setattr(denials, "MOST_NAMED", 1)
    for name in "ab":
        denials.record(key, make_client(username=name), errors.PoolExhausted(seats=1, in_use=1))
    manager.post("/language/", {"language": language})

    [row] = manager.get("/usage/denials/?q=*").context["list"].page
    exported = manager.post("/usage/denials/export/?q=*", {"format": "csv"})

    assert (row.user, row.machine, row.outcome, row.is_true) == (people, machines, "", True)
    [line] = csv.DictReader(io.StringIO(b"".join(exported.streaming_content).decode("utf-8-sig")))
    assert (line["User"], line["Machine"], line["Tries"]) == (people, machines, "2")


def test_another_account_sees_none_of_it(stranger, key):
    response = stranger.get("/usage/denials/", {"licence": key.licence_id})

    assert response.status_code == 404
    assert "Tender office" not in response.text
    assert people(stranger.get("/usage/denials/")) == []


def test_readers_of_aliases_cannot_find_out_who_it_is(viewer, account, key):
    privacy.show_aliases(account, True, by=TESTER)

    response = viewer.get("/usage/denials/", {"q": "gave-up"})

    assert len(people(response)) == 2
    assert "ACME" not in response.text


def test_counts_the_same_weeks_whatever_days_are_shown(account, key):
    refused_before("ACME\\gave-up", 10, 20, 40)

    for days, shown in ((1, 1), (7, 1), (30, 3), (90, 4)):
        asked = listed(account, days=days)
        assert asked.true == denials.Counts(week=1, week_before=1, month=3), days
        assert asked.counts == {"total": shown + 1, "true": shown, "people": 1}


def test_finds_only_the_true_ones_that_it_shows(account, key):
    true_ones = listed(account, only="true")

    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):  # as may be well for these few
            cursor.execute(f"SET LOCAL enable_{way} = off")
    plan = true_ones.rows[:50].explain()

    assert "Presorted Key: licensing_denial.last_at" in plan


@pytest.mark.census
@pytest.mark.parametrize("refused", [1, 3])
def test_needs_as_many_queries_for_many_denials(
    owner, account, pool, django_assert_num_queries, refused
):
    for _ in range(refused):
        full = make_pool(1, account=account)
        make_session(full)
        with pytest.raises(errors.PoolExhausted):
            sessions.check_out(full, make_client())

    with django_assert_num_queries(8):
        owner.get("/usage/denials/")
