"""Support asks for an account to be merged into another; a supervisor approves it."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from licensing import rules, sessions
from licensing.models import Account, AuditEntry, Licence
from licensing.rules import NewRule
from portal.models import AlertRule, Role
from support.models import Approval
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    make_api_token,
    make_pool,
    make_session,
    make_webhook,
)
from tests.people import signed_in
from tests.support.acting import READ, check, confirm, foretold, judge, record, text_of, told, wrong
from tests.support.vendor import staff


@pytest.fixture
def brook(db):
    account = AccountFactory(name="Brook & Co")
    make_pool(4, account=account, name="Planners")
    return account


@pytest.fixture
def hill(brook):
    """What is merged into it: a licence of the same name, people of whom one is in both."""
    account = AccountFactory(name="Hill & Dale", time_zone="Europe/Paris")
    make_session(make_pool(4, account=account, name="Planners"))
    priya = MembershipFactory(account=account, user__name="Priya Shah").user
    MembershipFactory(account=brook, user=priya, role=Role.VIEWER)
    MembershipFactory(account=account, user__name="Tom Reed")
    make_api_token(account)
    make_webhook(account)
    rules.add(account, NewRule(username="jsmith"), by=TESTER)
    AlertRule.objects.create(account=account, event="pool_full", roles=[Role.OWNER])
    return account


@pytest.fixture
def joan(db):
    return signed_in(staff("Supervisor", name="Joan Marsh"))


def page_of(account):
    return f"/support/accounts/{account.pk}/"


def ask(browser, brook, other="hill & dale"):
    page = check(browser, "account", "merge", brook, other=other)
    return page, confirm(browser, page, typed="Hill & Dale")


def test_what_moves_clashes_and_ends_is_foretold(support, brook, hill):
    effects = foretold(check(support, "account", "merge", brook, other=str(hill.pk)))

    assert effects == [
        f"Hill & Dale (account {hill.pk}) becomes a part of Brook & Co (account {brook.pk}), and "
        "is closed for good. There is no way back.",
        "Moves: 1 licence, 1 key; of licences all that was sold, planned and used, too.",
        "Brook & Co has licences of the same names: Planners. Those of Hill & Dale get “(Hill & "
        "Dale)” behind theirs, which programs show from their next refresh on.",
        "1 person joins Brook & Co, with the role they have.",
        "In both already: Priya Shah, with the higher role of the two.",
        "About all licences of Hill & Dale: 1 access rule. They hold for those that move, and for "
        "no other: each licence gets its own.",
        "Ends, for it was set up for Hill & Dale: 1 API token, 1 webhook, "
        "1 alert rule about all licences.",
        "The settings of Brook & Co hold for all of it: terms end by the clocks of "
        "Europe/London, no longer Europe/Paris.",
        "Programs notice nothing: each session, seat, key and device goes on as it is. Refusals "
        "and hours of use follow their licences.",
        "The audit record of Hill & Dale stays with it, for staff to read and export. The owners "
        "of both are told by mail.",
        "Just now: 1 open session, no refusal of late.",
    ]


@pytest.mark.parametrize(
    ("other", "told_of"),
    [
        ("Hill & Dlae", "No account is called Hill & Dlae or has that number. Is {name} meant?"),
        ("{hill}", "{hill} may be {hill} (#{named}) or {name} (#{hill}). Write which: {how}"),
    ],
)
def test_an_account_that_is_not_named_beyond_doubt_is_asked_for_again(
    support, brook, hill, other, told_of
):
    named = AccountFactory(name=str(hill.pk))
    ids = {"hill": hill.pk, "named": named.pk, "name": hill, "how": "# and its number."}

    page = check(support, "account", "merge", brook, other=other.format(**ids))

    assert wrong(page)["other"] == [told_of.format(**ids)]
    assert foretold(check(support, "account", "merge", brook, other=f"#{hill.pk}"))


def test_what_waits_stands_at_both_accounts_and_gives_way_openly(support, brook, hill):
    ask(support, brook)
    AccountFactory(name="Cambrian Hall")

    title = f"Merge another account into this one: Brook & Co, of Hill & Dale (account {hill.pk})"
    for account in (brook, hill):
        assert f"Waits for approval: {title}" in text_of(support.get(page_of(account))).replace(
            "&amp;", "&"
        )
    page = check(support, "account", "merge", brook, other="Cambrian Hall")
    assert "Asking anew withdraws that." in page.text
    answer = confirm(support, page, typed="Cambrian Hall")
    assert f"What you had asked for is withdrawn: {title}." in told(answer)[0]
    waits = Approval.objects.waiting().get()
    assert ("Cambrian Hall" in str(waits), "Hill" in str(waits)) == (True, False)
    assert AuditEntry.objects.filter(action="approval_withdrawn").count() == 1


def test_the_day_on_which_old_alm_codes_end_is_foretold(support, brook, hill):
    Account.objects.filter(pk=hill.pk).update(alm_codes_end_on=dt.date(2099, 12, 1))
    Account.objects.filter(pk=brook.pk).update(alm_codes_end_on=dt.date(2099, 11, 2))

    effects = foretold(check(support, "account", "merge", brook, other="Hill & Dale"))

    assert (
        "Its ALM codes are a part of the move of Brook & Co: told to stop after Tue 1 Dec 2099."
        in effects
    )


def test_the_name_of_the_one_that_is_closed_is_typed(support, brook, hill):
    page = check(support, "account", "merge", brook, other="Hill & Dale")
    answer = confirm(support, page, typed="Brook & Co")

    assert "Type “Hill &amp; Dale” to confirm" in page.text
    assert wrong(support.get(answer.headers["Location"])) == {"typed": ["This is not Hill & Dale."]}
    assert not Approval.objects.exists()


def test_a_supervisor_approves_it_while_programs_come_and_go(support, joan, brook, hill):
    _page, asked = ask(support, brook)
    assert "It waits for a second member of staff" in told(asked)[0]
    assert Account.objects.get(pk=hill.pk).closed_at is None
    make_session(Licence.objects.get(account=hill).keys.get())  # figures of a moment

    done = judge(joan, Approval.objects.get())

    assert told(done) == ["Hill & Dale is a part of Brook & Co now: 1 licence and 1 person came."]
    names = brook.licences.values_list("name", flat=True)
    assert set(names) == {"Planners", "Planners (Hill & Dale)"}
    for session in brook.sessions.active():
        sessions.refresh(session.pk)
    entry = AuditEntry.objects.get(action="account_merged_from")
    assert (entry.account, entry.reason) == (brook, READ)


def test_what_changed_meanwhile_is_told_and_not_done(support, joan, brook, hill):
    ask(support, brook)
    make_pool(account=hill, name="Another")

    page = judge(joan, Approval.objects.get())

    [refused] = re.findall(r"What was foretold holds no more\.[^<]*", page.text)
    assert "Foretold was: Moves: 1 licence" in refused
    assert "Now it would be: Moves: 2 licences" in refused
    assert "closed for good" not in refused  # which is as it was
    assert Account.objects.get(pk=hill.pk).closed_at is None


def test_old_links_of_staff_lead_on_and_those_of_customers_end(support, joan, brook, hill):
    tom = signed_in(hill.memberships.get(user__name="Tom Reed").user)
    licence = hill.licences.get()
    ask(support, brook)
    judge(joan, Approval.objects.get())

    shell = support.get(page_of(hill))
    found = text_of(support.get("/support/find/", {"q": "Hill"}, follow=True))

    assert f'<a href="{page_of(brook)}">Brook &amp; Co</a>' in shell.text
    assert "Merged into Brook &amp; Co" in text_of(shell)
    assert "by Anna Kowalski" in text_of(shell) or "by Joan Marsh" in text_of(shell)
    assert "merged into Brook" in found
    assert "issued the pool" in text_of(support.get(record(licence)))
    assert tom.post(f"/accounts/switch/{hill.pk}/").status_code == 404
    assert tom.get(f"/licences/{licence.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ("Brook & Co", "be merged into itself"),
        ("Nobody Ltd", "No account is called Nobody Ltd or has that number."),
        ("999999", "No account is called 999999"),
        ("²", "No account is called ²"),
    ],
)
def test_what_cannot_be_is_said_in_words(support, brook, hill, other, words):
    page = check(support, "account", "merge", brook, other=other)

    assert page.status_code == 422
    assert words in str(wrong(page))


def test_sales_do_not_ask_and_support_does_not_approve(sales, support, brook, hill):
    assert "account/merge" not in sales.get(page_of(brook)).text
    ask(support, brook)

    waiting = Approval.objects.get().pk
    page = signed_in(staff("Support")).get(f"/support/approvals/{waiting}/approve/")

    assert page.status_code == 403
