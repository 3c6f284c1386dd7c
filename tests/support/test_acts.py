"""What staff do to licences: foretold with figures, done by the domain, kept with the reason."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection

from licensing import devices, licences, rules, sessions
from licensing.models import AccessRule, Account, AuditEntry, ClientSession, Device, Licence
from support.acts.records import unseen
from support.console import tables
from tests.factories import (
    TESTER,
    AccountFactory,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)
from tests.people import signed_in
from tests.portal.sent.marks import mark_on
from tests.support.acting import (
    READ,
    REASON,
    WHY,
    address,
    check,
    confirm,
    foretold,
    record,
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


def test_what_was_asked_can_be_changed_before_it_is_done(sales, planners):
    page = check(sales, "licence", "seats", planners.licence, seats=12)
    again = sales.get(page.context["form_url"])

    assert page.context["confirmed"]
    assert not again.context["confirmed"]
    assert 'value="12"' in again.text


def test_support_blocks_a_leaver(support, planners):
    make_session(planners, make_client(username="ACME\\jsmith"))
    asked = {"username": "acme\\JSMITH", "machine_name": ""}

    page = check(support, "licence", "block", planners.licence, **asked)
    done = confirm(support, page)

    assert foretold(page) == [
        "acme\\JSMITH on any machine can't take a seat of London planners, "
        "from now until the rule is lifted.",
        "In use now by them: 1 seat. "
        "Seats come back at their next refresh; a program that is open stays open.",
    ]
    assert told(done) == ["Block acme\\JSMITH on any machine: the rule holds from now on."]
    assert AuditEntry.objects.get(action="rule_added").reason == READ


def test_a_block_of_the_whole_account_counts_all_its_pools(support, planners):
    for account in (planners.account, AccountFactory()):
        make_session(make_pool(account=account), make_client(machine_name="SITE-1"))
    Account.objects.update(time_zone="Europe/Paris")
    asked = {"machine_name": "site-*", "whole_account": "on", "ends_at": "2099-12-01T09:00"}

    page = check(support, "licence", "block", planners.licence, **asked)
    confirm(support, page)

    assert foretold(page)[0] == (
        f"Anybody on site-* can't take a seat of any licence of {planners.account}, "
        "from now until Tue 1 Dec 2099, 09:00 CET."
    )
    assert foretold(page)[1].startswith("In use now by them: 1 seat.")
    rule = AccessRule.objects.get()
    assert rule.licence is None
    assert rule.ends_at == dt.datetime(2099, 12, 1, 8, tzinfo=dt.UTC)


def test_a_rule_that_bars_everybody_is_asked_twice(support, planners):
    first = check(support, "licence", "block", planners.licence, username="*")
    second = check(support, "licence", "block", planners.licence, username="*", everybody="on")

    assert wrong(first)["__all__"][0].startswith("This rule is about everybody.")
    assert foretold(second)[0] == "This bars EVERYBODY."
    assert not AccessRule.objects.exists()
    confirm(support, second)
    assert rules.decide(planners.licence, make_client()).is_allowed is False


def test_a_block_of_most_who_were_seen_of_late_asks(support, planners):
    first = check(support, "licence", "block", planners.licence, machine_name="*")
    for one in ("SITE-1", "SITE-2", "SITE-3", "SITE-4"):
        make_session(planners, make_client(machine_name=one, username=f"of {one}"))
    asked = {"machine_name": "SITE-*"}
    second = check(support, "licence", "block", planners.licence, **asked)
    third = check(support, "licence", "block", planners.licence, **asked, everybody="on")

    assert "everybody" in first.text
    assert wrong(second)["everybody"][0].startswith("This would block 4 of the 7 people seen there")
    assert foretold(third)[0].startswith("Anybody on SITE-* can't take a seat")


def test_a_second_press_adds_no_second_rule(support, planners):
    page = check(support, "licence", "block", planners.licence, username="jsmith")
    confirm(support, page)

    assert told(confirm(support, page))[-1].startswith("London planners was changed")
    assert AccessRule.objects.count() == 1


def test_what_was_read_of_one_record_confirms_no_other(support, planners):
    read, other = make_session(planners), make_session(planners)
    page = support.get(address("clientsession", "release", read))

    sent = WHY | {"confirmed": page.context["confirmed"]}
    answer = support.post(address("clientsession", "release", other), sent)

    assert told(answer)[0].startswith(f"{other} was changed by somebody else in the meantime.")
    assert {read, other} <= set(ClientSession.objects.active())


def test_of_rows_of_which_one_is_gone_nothing_is_shown(sales, planners):
    gone = Licence(pk=planners.licence_id + 1)

    assert sales.get(address("licence", "suspend", planners.licence, gone)).status_code == 404


def test_support_frees_a_device_that_has_no_move_left(support):
    key = make_single_user()
    for _ in range(4):
        make_session(key)
        device = Device.objects.bound().get()
        if devices.moves_left(key.licence):
            devices.free(device, by=TESTER)

    page = support.get(address("device", "free", device))

    assert told(confirm(support, page)) == [
        f"Freed {device}: another device can use {key.licence}."
    ]


def test_what_was_done_leads_to_its_audit_entry(sales, planners):
    page = check(sales, "licence", "seats", planners.licence, seats=11)
    shown = sales.get(confirm(sales, page).headers["Location"]).text

    entry = AuditEntry.objects.get(action="seats_changed")
    audit = f"/support/accounts/{entry.account_id}/audit/#entry-{entry.number}"
    assert f'<a href="{audit}">Audit entry</a>' in shown
    told_there = sales.get(audit).text
    assert f'id="entry-{entry.number}"' in told_there
    assert "changed the user limit of London planners from 10 to 11." in told_there


def test_names_are_not_read_as_html(sales):
    key = make_pool(3, name="<b>Bold</b>", account=AccountFactory(name="<i>Acme</i>"))

    page = check(sales, "licence", "seats", key.licence, seats=4)
    shown = sales.get(confirm(sales, page).headers["Location"]).text

    assert "<b>Bold" not in page.text + shown


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


def confirm_and_close(client, page):
    """Confirm in a thread with a connection of its own; what was told."""
    try:
        return told(confirm(client, page))[-1]
    finally:
        connection.close()


def test_a_day_that_is_known_stands_in_its_field():
    """A browser shows days there as HTML writes them alone, and else an empty field."""
    widgets = [
        (act.name, name, field.widget)
        for table in tables.ALL
        for act in table.kind.acts
        for name, field in act.form.base_fields.items()
        if getattr(field.widget, "input_type", "") == "date"
    ]

    assert len(widgets) > 3
    for act, name, widget in widgets:
        assert widget.format_value(dt.date(2026, 12, 30)) == "2026-12-30", (act, name)


def test_what_is_confirmed_twice_is_done_once_and_answered_alike(sales, planners):
    page = check(sales, "licence", "seats", planners.licence, seats=12)

    answers = [confirm(sales, page, sent_from=mark_on(page)) for _press in range(2)]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert told(answers[1]) == ["London planners: user limit 12, 3 in use."]


def test_what_was_asked_and_done_is_offered_no_more(sales, planners):
    page = check(sales, "licence", "seats", planners.licence, seats="+2")
    where = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
    confirm(sales, page)

    for again in (sales.get(where), sales.get(f"{where}&change=1")):
        assert "Done: London planners: user limit 12, 3 in use." in again.text
        assert record(planners.licence) in again.text
        assert "Check what it does" not in again.text
        assert "confirmed" not in again.text
    assert check(sales, "licence", "seats", planners.licence, seats="+2").context["confirmed"]
