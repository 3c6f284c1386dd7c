"""Two of the staff who act on one record, and one who presses twice: it is done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection

from licensing import licences, sessions
from licensing.models import AccessRule, AuditEntry, ClientSession, Licence
from support.acts.records import unseen
from support.console import tables
from tests.factories import (
    TESTER,
    make_pool,
    make_session,
)
from tests.people import signed_in
from tests.portal.sent.marks import mark_on
from tests.support.acting import (
    REASON,
    address,
    check,
    confirm,
    foretold,
    told,
    wrong,
)
from tests.support.vendor import staff


def test_the_second_of_two_who_change_one_licence_is_told(sales, planners):
    mine = check(sales, "licence", "seats", planners.licence, seats=12)
    licences.set_seats(planners.licence, 20, by=TESTER)

    answer = confirm(sales, mine)

    assert told(answer) == [
        "London planners was changed by somebody else in the meantime. "
        "Nothing was done: look at it again."
    ]
    assert Licence.objects.get().seats == 20


def test_the_second_of_two_keeps_words_and_ticket_on_the_form(sales, planners):
    mine = check(sales, "licence", "seats", planners.licence, seats=12)
    licences.set_seats(planners.licence, 20, by=TESTER)

    again = sales.get(confirm(sales, mine, ticket="OPS-4821")["Location"])

    form = again.context["form"]
    assert (form["reason"].value(), form["ticket"].value()) == (REASON, "OPS-4821")
    assert "London planners: 20 to 12" in " ".join(foretold(again))
    confirm(sales, again)
    assert Licence.objects.get().seats == 12


def test_the_second_of_two_who_ask_for_the_same_keeps_them_for_something_else(sales, planners):
    mine = check(sales, "licence", "seats", planners.licence, seats=12)
    licences.set_seats(planners.licence, 12, by=TESTER)
    again = sales.get(confirm(sales, mine, ticket="OPS-4821", is_told="")["Location"])

    assert wrong(again)["__all__"]
    said = dict(again.context["said"])
    page = sales.post(
        again.request["PATH_INFO"] + "?" + again.request["QUERY_STRING"],
        said | {"seats": 14},
        follow=True,
    )

    words = {name: page.context["form"][name].value() for name in ("reason", "ticket", "is_told")}
    assert words == {"reason": REASON, "ticket": "OPS-4821", "is_told": False}


def test_the_second_of_two_reads_what_they_wrote_for_what_is_done_already(support, planners):
    session = ClientSession.objects.active().latest("started_at")
    mine = support.get(address("clientsession", "release", session))
    sessions.release(session, by=TESTER)

    again = support.get(confirm(support, mine, ticket="OPS-4821")["Location"])

    assert again.status_code == 409
    already = f"{session} had already given the licence back. {TESTER.name} released it on "
    assert [words.startswith(already) for words in told(again)] == [True]
    assert [field.value() for field in again.context["written"]] == [REASON, "OPS-4821"]
    assert "What you had written" in again.text


def test_a_second_press_adds_no_second_rule(support, planners):
    page = check(support, "licence", "block", planners.licence, username="jsmith")
    confirm(support, page)

    assert told(confirm(support, page))[-1].startswith("London planners was changed")
    assert AccessRule.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_act_at_once_one_is_told():
    words = two_change_one_limit()

    assert sorted("user limit" in told for told in words) == [False, True]
    assert AuditEntry.objects.filter(action="seats_changed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_what_was_shown_both_act(monkeypatch):
    table = tables.TABLES["licence"]
    unaware = replace(table, kind=replace(table.kind, shown=unseen))
    monkeypatch.setitem(tables.TABLES, "licence", unaware)

    words = two_change_one_limit()

    assert sorted("user limit" in told for told in words) == [True, True]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_release_one_session_at_once_one_did_it():
    session = make_session(make_pool(10))
    colleagues = [signed_in(staff("Support")) for _ in range(2)]
    pages = [client.get(address("clientsession", "release", session)) for client in colleagues]

    with ThreadPoolExecutor(2) as threads:
        words = list(threads.map(confirm_and_close, colleagues, pages))

    done = f"Released the licence held by {session}."
    assert [told == done for told in sorted(words, key=done.__eq__)] == [False, True]
    assert all(str(session) in told for told in words)  # "holds no seat", "had already given …"
    assert AuditEntry.objects.filter(action="session_released").count() == 1


def two_change_one_limit() -> list[str]:
    """What two people of sales are told who confirm at once what each has checked."""
    licence = make_pool(10, name="London planners").licence
    colleagues = [signed_in(staff("Sales")) for _ in range(2)]
    pages = [
        check(client, "licence", "seats", licence, seats=seats)
        for client, seats in zip(colleagues, (12, 14), strict=True)
    ]
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(confirm_and_close, colleagues, pages))


def confirm_and_close(client, page):
    """Confirm in a thread with a connection of its own; what was told."""
    try:
        return told(confirm(client, page))[-1]
    finally:
        connection.close()


def test_what_is_confirmed_twice_is_done_once_and_answered_alike(sales, planners):
    page = check(sales, "licence", "seats", planners.licence, seats=12)

    answers = [confirm(sales, page, sent_from=mark_on(page)) for _press in range(2)]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert told(answers[1]) == ["London planners: user limit 12, 3 in use."]
