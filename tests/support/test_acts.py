"""What staff do to licences: foretold with figures, done by the domain, kept with the reason."""

from __future__ import annotations

import datetime as dt

from licensing import devices, rules
from licensing.models import AccessRule, Account, AuditEntry, ClientSession, Device, Licence
from support.console import tables
from tests.factories import (
    TESTER,
    AccountFactory,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)
from tests.support.acting import (
    READ,
    WHY,
    address,
    check,
    confirm,
    foretold,
    record,
    told,
    wrong,
)


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


def test_other_names_of_a_blocked_user_are_told(support, planners):
    make_session(planners, make_client(username="jsmith"))

    page = check(support, "licence", "block", planners.licence, username="ACME\\jsmith")

    assert foretold(page)[-1] == (
        "NOT about jsmith, a name of the same user: 1 of today's sessions. "
        "Block that too, or all by *."
    )


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
