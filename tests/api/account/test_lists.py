"""The lists of the customer API: their pages, filters and names."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from licensing import rules, sessions
from licensing.errors import PoolExhausted
from licensing.models import ClientSession, Denial
from portal.models import AccountPreferences
from portal.words.aliases import Names
from tests.api.programs import LISTS, ask, data, release
from tests.factories import (
    TESTER,
    MembershipFactory,
    ago,
    make_api_token,
    make_client,
    make_pool,
    make_session,
)


@pytest.mark.slow
def test_a_list_comes_in_pages_that_miss_and_repeat_nothing(client, account, token):
    for number in range(3):
        key = make_pool(1, account=account)
        make_session(key)
        MembershipFactory(account=account)
        with pytest.raises(PoolExhausted):
            sessions.check_out(key, make_client(username=f"late{number}"))

    for path in ("licences", "keys", "sessions", "denials", "audit", "people"):
        rows = [row for page in pages_of(client, token, path) for row in page]
        assert len(rows) >= 3, path
        assert rows == data(ask(client, token, path)), path


def pages_of(client, token, path):
    """A list, two rows at a time, as its links lead on."""
    page = ask(client, token, path, limit=2)
    while True:
        assert len(data(page)) <= 2
        yield data(page)
        if page.json()["next"] is None:
            break
        assert "limit=2" in page.json()["next"]
        assert page["Link"] == f'<{page.json()["next"]}>; rel="next"'
        page = ask(client, token, path, **dict(re.findall(r"(\w+)=([^&]+)", page.json()["next"])))


def test_a_cursor_that_is_none_of_ours_leads_nowhere(client, token):
    answers = [
        ask(client, token, path, after=after)
        for path in LISTS
        for after in ("%", "e30", "WyJ4Il0", "ä", "WzFd" * 9)
    ]

    assert {answer.status_code for answer in answers} == {404}


SENSELESS = [
    ("licences", {"state": "open"}, "/state"),
    ("licences", {"colour": "red"}, "/colour"),
    ("sessions", {"limit": "101"}, "/limit"),
    ("sessions", {"limit": "many"}, "/limit"),
    ("sessions", {"licence": "London"}, "/licence"),
    ("denials", {"since": "yesterday"}, "/since"),
    ("audit", {"since": "2026-11-24T14:05:00"}, "/since"),
    ("usage", {"since": "2026-11-24T14:05:00Z", "until": "2026-11-24T14:04:00Z"}, "/until"),
    ("usage", {"licences": "987654321"}, "/licences"),
]


def test_a_filter_that_makes_no_sense_is_said(client, token):
    for path, query, pointer in SENSELESS:
        answer = ask(client, token, path, **query)

        told = (answer.status_code, answer.json()["code"])
        assert told == (400, "request_invalid"), query
        assert [problem["pointer"] for problem in answer.json()["errors"]] == [pointer], query
        assert answer.json()["detail"].startswith("The address asks for something"), query


NARROWED = [
    ("licences", {"state": "active"}, 1),
    ("licences", {"state": "ended"}, 0),
    ("sessions", {"state": "active"}, 1),
    ("sessions", {"state": "ended"}, 0),
    ("sessions", {"state": "held"}, 0),
    ("keys", {"licence": "0"}, 0),
    ("sessions", {"since": "2999-01-01T00:00:00Z"}, 0),
    ("sessions", {"since": "0001-01-01T00:00:00+14:00"}, 1),
    ("sessions", {"since": "9999-12-31T23:59:59-14:00"}, 0),
    ("sessions", {"licence": "0"}, 0),
    ("denials", {"state": "true"}, 1),
    ("denials", {"state": "key"}, 0),
    ("audit", {"since": "2999-01-01T00:00:00Z"}, 0),
    ("denials", {"since": "2020-01-01T00:00:00Z"}, 1),
]


def test_filters_narrow_as_on_the_pages(client, token, session):
    found = [
        (path, query, len(data(ask(client, token, path, **query))))
        for path, query, _number in NARROWED
    ]

    assert found == NARROWED


def test_since_is_about_the_start_of_a_session_and_the_last_try(client, token, session):
    ClientSession.objects.update(started_at=ago(hours=2))
    Denial.objects.update(first_at=ago(hours=2))
    since = (timezone.now() - dt.timedelta(hours=1)).isoformat()

    found = [data(ask(client, token, path, since=since)) for path in ("sessions", "denials")]

    assert [len(rows) for rows in found] == [0, 1]


def test_an_ended_session_is_found_by_its_state(client, token, session):
    sessions.close(session.pk)

    (told,) = data(ask(client, token, "sessions", state="ended"))

    assert (told["id"], told["end_reason"]) == (str(session.pk), "closed")


def test_names_are_aliases_where_viewers_see_them(client, account, token, session):
    AccountPreferences.objects.create(account=account, shows_aliases=True)
    rules.add(account, rules.NewRule(username="anna"), by=TESTER, reason="anna left")
    release(client, token, session, reason="anna left")

    pages = [ask(client, token, path) for path in LISTS]
    (ended,) = data(ask(client, token, "sessions", state="ended"))

    assert [re.findall("anna|bert|CAD-", page.text) for page in pages] == [[]] * len(pages)
    names = Names(account, are_aliases=True)
    assert (ended["username"], ended["machine_name"]) == (
        names.person("anna"),
        names.machine("CAD-1"),
    )


def test_a_token_that_may_sees_real_names(client, account, session):
    AccountPreferences.objects.create(account=account, shows_aliases=True)
    token = make_api_token(account)

    (told,) = data(ask(client, token, "sessions"))

    assert told["username"] == "anna"


QUERIES = {"licences": 4, "keys": 2, "sessions": 3, "denials": 2, "audit": 2, "people": 2}


def test_needs_as_many_queries_for_many_rows(client, account, token, django_assert_num_queries):
    for rows in (1, 3):
        ask(client, token)  # notes the use of this minute
        while account.licences.count() < rows:
            key = make_pool(1, account=account)
            make_session(key)
            MembershipFactory(account=account)
            with pytest.raises(PoolExhausted):
                sessions.check_out(key, make_client())

        for path, queries in QUERIES.items():
            with django_assert_num_queries(queries, info=f"{path}, {rows}"):
                assert len(data(ask(client, token, path))) >= rows, path
