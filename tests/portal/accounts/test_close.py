"""An account closes a day after that was asked for, with all it has, unless it is cancelled."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError
from django.db.models.functions import Now

from licensing import accounts, audit, errors, keys, licences, planned_seats, sessions
from licensing.licences import Order
from licensing.models import Account, ClientSession, Licence, PlannedSeats, ProductKey
from portal.accounts import closing
from portal.models import (
    ApiToken,
    Every,
    FileFormat,
    Invitation,
    Report,
    ReportKind,
    Role,
    SingleSignOn,
    VerifiedDomain,
    Webhook,
)
from portal.people import invitations
from portal.reports import orders
from portal.sign_in import api_tokens
from portal.tasks import close_accounts
from tests.factories import (
    TESTER,
    MembershipFactory,
    days_from_today,
    make_api_token,
    make_client,
    make_pool,
    make_session,
    make_webhook,
)
from tests.people import signed_in

pytestmark = pytest.mark.django_db

JOAN = audit.Actor("support", "7", "Joan Marsh <joan@vendor.example>")
WHY = "Customer asked."


@pytest.fixture
def owner():
    return MembershipFactory(account__name="Brook & Co", user__email="priya@brook.example")


@pytest.fixture
def pool(owner):
    return make_pool(account=owner.account)


def asked(account, **kept):
    with audit.kept_for_staff(audit.ForStaff(**kept)):
        return closing.ask(account, by=JOAN, reason=WHY)


def make_due(account):
    Account.objects.filter(pk=account.pk).update(closes_at=Now() - dt.timedelta(seconds=1))


def closed(account):
    asked(account)
    make_due(account)
    close_accounts()
    return Account.objects.get(pk=account.pk)


def of(account, action):
    return account.audit_entries.get(action=action)


def test_everything_goes_on_for_24_hours(owner, pool, mailoutbox):
    session = make_session(pool)
    account = asked(owner.account)

    close_accounts()

    at = of(account, "account_closing").at
    assert account.closes_at - at < dt.timedelta(hours=24, seconds=5)
    assert account.closes_at > at + dt.timedelta(hours=23, minutes=59)
    sessions.refresh(session.pk)
    assert "This account closes" in signed_in(owner.user).get("/").text
    assert [mail.to for mail in mailoutbox] == [["priya@brook.example"]]
    assert "Brook & Co closes on" in mailoutbox[0].subject
    with pytest.raises(errors.AlreadyDone, match="closes already"):
        asked(account)


def test_then_all_that_it_has_ends_once(owner, pool, mailoutbox):
    account = owner.account
    session = make_session(pool)
    planned_seats.plan(pool.licence, 12, on=days_from_today(9), by=TESTER)
    invitations.invite(account, "new@brook.example", Role.VIEWER, by=TESTER)
    make_api_token(account)
    make_webhook(account)
    orders.order(
        owner, orders.Wanted(ReportKind.POSITION, Every.WEEK, FileFormat.CSV, [owner.user])
    )
    SingleSignOn.objects.create(
        account=account, issuer="https://id.example", client_id="us", encrypted_secret=b"x"
    )
    VerifiedDomain.objects.create(account=account, name="brook.example", verified_at=Now())
    asked(account, ticket="OPS-1")
    make_due(account)
    mailoutbox.clear()

    close_accounts()
    close_accounts()

    account.refresh_from_db()
    assert account.closed_at >= account.closes_at
    assert Licence.objects.get().state == "closed"
    assert ClientSession.objects.get(pk=session.pk).end_reason == "licence_ended"
    assert ProductKey.objects.get().state == "revoked"
    assert not PlannedSeats.objects.open().exists()
    assert not Invitation.objects.open().exists()
    assert not ApiToken.objects.working().exists()
    assert not Webhook.objects.kept().exists()
    for model in (Report, SingleSignOn, VerifiedDomain):
        assert not model.objects.exists(), model
    assert not account.memberships.exists()
    entry = of(account, "account_closed")
    assert (entry.actor_name, entry.reason, entry.ticket) == (JOAN.name, WHY, "OPS-1")
    assert entry.details == {"licences": 1, "sessions": 1, "keys": 1, "people": 1}
    assert [mail.subject for mail in mailoutbox] == ["Brook & Co is closed"]
    assert audit.verify(account)[1] == []


def test_programs_hear_that_the_licence_is_closed(owner, pool):
    session = make_session(pool)
    closed(owner.account)

    for call in (
        lambda: sessions.refresh(session.pk),
        lambda: sessions.check_out_with_key(pool.serial_number, pool.plain, make_client()),
    ):
        with pytest.raises(errors.LicenceClosed):
            call()
    sessions.close(session.pk)


def test_who_has_another_account_keeps_that_alone(owner):
    other = MembershipFactory(user=owner.user, account__name="Hill & Dale")
    browser = signed_in(owner.user)
    browser.post(f"/accounts/switch/{owner.account_id}/")

    closed(owner.account)

    page = browser.get("/")
    assert page.wsgi_request.account == other.account
    assert "Brook" not in page.text


def test_nothing_is_added_to_a_closed_account(owner, pool):
    account = closed(owner.account)
    order = Order(account_name=" brook & co", seats=1)

    for call in (
        lambda: licences.issue(order, by=TESTER),
        lambda: licences.create(order, by=TESTER),
        lambda: accounts.named("Brook & Co", by=TESTER),
        lambda: licences.set_state(pool.licence, "active", by=TESTER),
        lambda: invitations.invite(account, "a@example.com", Role.OWNER, by=TESTER),
        lambda: api_tokens.create(account, "x", [], ends_at=account.closed_at, by=TESTER),
        lambda: make_webhook(account),
        lambda: orders.order(owner, orders.Wanted(ReportKind.POSITION, Every.WEEK, "csv", [])),
    ):
        with pytest.raises(errors.InvalidOperation, match="The account Brook & Co is closed"):
            call()
    with pytest.raises(errors.AlreadyDone):
        closing.ask(account, by=TESTER)
    assert keys.find(pool.serial_number).state == "revoked"


def test_a_cancelled_one_stays_and_may_be_asked_for_again(owner, pool, mailoutbox):
    account = asked(owner.account)
    make_due(account)
    mailoutbox.clear()

    closing.cancel(account, by=JOAN, reason="They stay.")
    close_accounts()

    account.refresh_from_db()
    assert (account.closes_at, account.closed_at) == (None, None)
    assert Licence.objects.get().state == "active"
    assert of(account, "account_closing_cancelled").reason == "They stay."
    assert [mail.subject for mail in mailoutbox] == ["Brook & Co does not close"]
    with pytest.raises(errors.AlreadyDone, match="does not close"):
        closing.cancel(account, by=JOAN)
    assert closed(account).closed_at
    with pytest.raises(errors.AlreadyDone, match="is closed already"):
        closing.cancel(account, by=JOAN)


def test_the_schema_knows_no_account_that_was_closed_before_its_time(owner):
    with pytest.raises(IntegrityError, match="account_closes_before_it_is_closed"):
        Account.objects.update(closed_at=Now())


def test_one_that_cannot_be_closed_keeps_no_other_waiting(owner):
    other = MembershipFactory().account
    asked(other)
    make_due(other)
    make_due(owner.account)  # though nobody asked for it

    assert closing.carry_out_due() == 1
    assert Account.objects.get(pk=other.pk).closed_at
