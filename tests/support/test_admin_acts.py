"""What staff do to licences: foretold with figures, done by the domain, kept with the reason."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from licensing import devices, licences, rules
from licensing.licences import Order
from licensing.models import AccessRule, Account, AuditEntry, Device, Licence, ProductKey
from licensing.models.licences import UsageModel
from support.admin.licences import LicenceAdmin
from tests.factories import (
    TESTER,
    AccountFactory,
    days_from_today,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)
from tests.support.acting import REASON, address, check, confirm, do, foretold, told, wrong
from tests.support.conftest import signed_in, staff


@pytest.fixture
def planners(db):
    """The key of a pool of ten that three people use."""
    key = make_pool(10, name="London planners")
    for _ in range(3):
        make_session(key)
    return key


@pytest.fixture
def lease(db):
    """A lease licence with a feature and a device."""
    order = Order(
        account_name="Brook & Co",
        seats=1,
        usage_model=UsageModel.LEASE,
        name="Old lease",
        features=["bim"],
        ends_on=days_from_today(99),
    )
    key, _ = licences.take_over_lease(order, by=TESTER)
    make_session(key)
    return key.licence


@pytest.mark.parametrize(
    ("seats", "words"),
    [
        (
            2,
            "London planners: 10 to 2. In use now 3, so it will be 1 over. "
            "Nobody is closed; no new starts until use falls below 2.",
        ),
        (3, "London planners: 10 to 3. In use now 3, so it will be full. Nobody is closed."),
        (12, "London planners: 10 to 12. In use now 3, so 9 more seats can be taken at once."),
    ],
)
def test_a_new_limit_is_foretold(sales, planners, seats, words):
    page = check(sales, "licence", "seats", planners.licence, seats=seats)

    assert foretold(page) == [words]
    assert Licence.objects.get().seats == 10


def test_sales_change_the_user_limit(sales, planners):
    assert do(sales, "licence", "seats", planners.licence, seats=2) == [
        "London planners: user limit 2, 3 in use."
    ]
    assert Licence.objects.get().seats == 2
    entry = AuditEntry.objects.get(action="seats_changed")
    assert (entry.actor_kind, entry.reason) == ("support", REASON)


@pytest.mark.parametrize("seats", ["0", "-3", "", "many", "100001"])
def test_an_impossible_limit_is_refused(sales, planners, seats):
    page = check(sales, "licence", "seats", planners.licence, seats=seats)

    assert page.status_code == 422
    assert list(wrong(page)) == ["seats"]
    assert Licence.objects.get().seats == 10


def test_the_second_of_two_who_change_one_licence_is_told(sales, planners):
    mine = check(sales, "licence", "seats", planners.licence, seats=12)
    licences.set_seats(planners.licence, 20, by=TESTER)

    answer = confirm(sales, mine)

    assert told(answer) == [
        "London planners was changed by somebody else in the meantime. "
        "Nothing was done: look at it again."
    ]
    assert Licence.objects.get().seats == 20


def test_what_was_asked_can_be_changed_before_it_is_done(sales, planners):
    page = check(sales, "licence", "seats", planners.licence, seats=12)
    again = check(sales, "licence", "seats", planners.licence, seats=12, change="Back")

    assert page.context["confirmed"]
    assert not again.context["confirmed"]
    assert 'value="12"' in again.content.decode()


def test_sales_extend_the_term(sales, planners):
    page = check(
        sales, "licence", "term", planners.licence, starts_on="2026-01-01", ends_on="2099-12-31"
    )

    assert foretold(page) == [
        "London planners starts: no date to 1 Jan 2026.",
        "London planners ends: no date to 31 Dec 2099.",
        "People can start the program now.",
    ]
    assert told(confirm(sales, page)) == [
        "London planners: first day 1 Jan 2026, last day 31 Dec 2099."
    ]
    assert Licence.objects.get().ends_on == dt.date(2099, 12, 31)


def test_a_term_that_is_over_says_what_happens_now(sales, planners):
    page = check(sales, "licence", "term", planners.licence, ends_on="2026-02-01")

    assert foretold(page)[-1] == (
        "The term is over then: from now on nobody starts. In use now 3: those seats come back "
        "at their next refresh, and the programs stay open."
    )


def test_a_term_that_ends_before_it_starts_is_refused(sales, planners):
    page = check(
        sales, "licence", "term", planners.licence, starts_on="2027-02-01", ends_on="2027-01-01"
    )

    assert wrong(page) == {
        "__all__": ["The term would end on 2027-01-01, before it starts on 2027-02-01."]
    }
    assert Licence.objects.get().starts_on is None


@pytest.mark.parametrize(
    ("before", "act", "state"),
    [
        ("active", "suspend", "suspended"),
        ("suspended", "reinstate", "active"),
        ("active", "close", "closed"),
    ],
)
def test_the_state_is_changed(sales, planners, before, act, state):
    licences.set_state(planners.licence, before, by=TESTER)

    assert do(sales, "licence", act, planners.licence) == [
        f"London planners of {planners.account} is {state}."
    ]
    assert Licence.objects.get().state == state


def test_suspending_says_how_many_go_on(sales, planners):
    page = sales.get(f"/admin/licensing/licence/suspend/?id={planners.licence_id}")

    assert foretold(page) == ["In use now 3 of 10: they go on until they are closed."]


AFTER_CLOSING = (
    "A program that was closed properly can still be opened offline for up to %s; Strict ends that."
)


def test_support_changes_the_offline_policy(support, planners):
    make_session(planners, refreshed=dt.timedelta(hours=1))
    page = check(support, "licence", "policy", planners.licence, policy="Trusting")

    assert foretold(page) == [
        "Until now: People offline keep working 48 h; "
        f"a lost PC holds its seat no longer than that. {AFTER_CLOSING % '48 h'}",
        "From now on: Seats come back in 15 min, people offline keep 48 h; "
        f"for a while more people than seats may work. {AFTER_CLOSING % '48 h'}",
        "At once 1 seat of people who were not heard of may go to others.",
    ]
    assert told(confirm(support, page)) == ["London planners: offline policy Trusting."]
    assert Licence.objects.get().reclaim_after == dt.timedelta(minutes=15)


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
    assert AuditEntry.objects.get(action="rule_added").reason == REASON


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


def test_a_second_press_adds_no_second_rule(support, planners):
    page = check(support, "licence", "block", planners.licence, username="jsmith")
    confirm(support, page)

    assert told(confirm(support, page))[-1].startswith("London planners was changed")
    assert AccessRule.objects.count() == 1


def test_support_reactivates_a_lease_licence(support, lease):
    page = support.get(f"/admin/licensing/licence/reactivate/?id={lease.pk}")
    words = told(confirm(support, page))

    new = Licence.objects.get(replaces=lease)
    key = new.keys.get()
    assert words == [
        f"Old lease is a single-user licence now, serial number {key}. Owners and managers "
        "of the account find the product key in the portal; staff never see it."
    ]
    assert foretold(page)[0] == (
        "A single-user licence replaces this lease licence: 1 seat, same features, "
        f"last day {lease.ends_on.day} {lease.ends_on:%b %Y}."
    )
    assert "Bound to it now: 1 device; in use now 1." in foretold(page)[2]
    assert (new.usage_model, new.ends_on) == ("single-user", lease.ends_on)


def test_support_adds_a_labelled_key(support, planners):
    words = do(support, "licence", "add-key", planners.licence, label="Leeds")

    key = ProductKey.objects.get(label="Leeds")
    assert words[0].startswith(f"London planners: Leeds has the serial number {key}.")
    assert AuditEntry.objects.latest("pk").reason == REASON


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("reinstate", "London planners is active already."),
        ("reactivate", "London planners is no lease licence: only those can be reactivated."),
    ],
)
def test_what_makes_no_sense_is_not_offered(superuser, planners, act, words):
    record = superuser.get(f"/admin/licensing/licence/{planners.licence_id}/change/")
    page = superuser.get(f"/admin/licensing/licence/{act}/?id={planners.licence_id}")

    assert f"/{act}/?" not in record.content.decode()
    assert page.status_code == 409
    assert words in page.content.decode()
    assert told(check(superuser, "licence", act, planners.licence)) == [words]


def test_a_closed_licence_is_not_suspended_too(sales, planners):
    licences.set_state(planners.licence, "closed", by=TESTER)

    assert told(check(sales, "licence", "suspend", planners.licence)) == [
        "London planners is closed: nobody starts with it anyway."
    ]


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


def test_a_device_has_policies_of_its_own(support):
    key = make_single_user(name="Estimator")

    form = support.get(f"/admin/licensing/licence/policy/?id={key.licence_id}").context["form"]
    page = check(support, "licence", "policy", key.licence, policy="Trusting")

    assert form.fields["policy"].choices == [
        ("Friendly", "Friendly: People offline keep working 30 days. "
         f"The seat belongs to its device. {AFTER_CLOSING % '30 days'}"),
        ("Strict", "Strict: People offline keep working 15 min. The seat belongs to its device. "
         "A program that was closed properly doesn't open offline."),
    ]  # fmt: skip
    assert list(wrong(page)) == ["policy"]


def test_what_was_done_leads_to_its_audit_entry(sales, planners):
    page = check(sales, "licence", "seats", planners.licence, seats=11)
    record = sales.get(confirm(sales, page).headers["Location"]).content.decode()

    entry = AuditEntry.objects.get(action="seats_changed")
    assert f'<a href="/admin/licensing/auditentry/{entry.pk}/change/">Audit entry</a>' in record


def test_names_are_not_read_as_html(sales):
    key = make_pool(3, name="<b>Bold</b>", account=AccountFactory(name="<i>Acme</i>"))

    page = check(sales, "licence", "seats", key.licence, seats=4)
    record = sales.get(confirm(sales, page).headers["Location"]).content.decode()

    assert "<b>Bold" not in page.content.decode() + record


@pytest.mark.django_db(transaction=True)
def test_of_two_who_act_at_once_one_is_told():
    words = two_change_one_limit()

    assert sorted("user limit" in told for told in words) == [False, True]
    assert AuditEntry.objects.filter(action="seats_changed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_what_was_shown_both_act(monkeypatch):
    monkeypatch.setattr(LicenceAdmin, "as_shown", lambda self, record: "")

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


def confirm_and_close(client, page):
    """Confirm in a thread with a connection of its own; what was told."""
    try:
        return told(confirm(client, page))[-1]
    finally:
        connection.close()
