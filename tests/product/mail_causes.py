"""What causes each mail of the portal."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client, RequestFactory, TestCase
from django.utils import translation
from django.utils.translation import gettext_lazy

from licensing import audit, licences
from licensing.audit import Actor
from licensing.models import AuditEntry
from portal.accounts import told
from portal.alerts import rules as alert_rules
from portal.alerts import sending as alerts
from portal.desk import requests
from portal.exports import files
from portal.models import (
    AlertNotice,
    CustomerRequest,
    EmailChange,
    Every,
    Export,
    FileFormat,
    Invitation,
    Membership,
    OffBecause,
    ReportKind,
    RequestKind,
    RequestState,
    Role,
    User,
    Visit,
    Webhook,
)
from portal.people import email_changes, invitations, mails_to_owners, vendor_deeds
from portal.reports import orders, sending
from portal.reports.orders import Wanted
from portal.sign_in import api_tokens, guesses, security_changes, visits
from portal.webhooks import turning_off
from support.console import approvals, tables
from support.models import Approval
from tests.factories import (
    TESTER,
    AccountFactory,
    UserFactory,
    make_api_token,
    make_pool,
    make_webhook,
)

NOW = dt.datetime(2026, 11, 24, 20, 5, tzinfo=dt.UTC)
SOON = dt.datetime(2026, 11, 26, 20, 5, tzinfo=dt.UTC)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
WRITTEN = {
    "name": "Priya Shah",
    "message": "See you on Monday.",
    "request": "We grow.",
    "answer": "They are yours.",
    "reason": "The provider is gone",
    "licence": "London planners",
    "ticket": "4821",
}
"""What people wrote that stands in mails."""


def invitation(account, user):
    return Invitation.objects.create(
        account=account, email=user.email, role=Role.MANAGER, invited_by=WRITTEN["name"],
        message=WRITTEN["message"], code="the-code", ends_at=SOON,
    )  # fmt: skip


def request_of(account, user, **more):
    return CustomerRequest.objects.create(
        account=account, kind=RequestKind.SEATS, seats=12, text=WRITTEN["request"],
        asked_by=str(user), asked_by_email=user.email, **more,
    )  # fmt: skip


def send_answer(account, user):
    answered = request_of(
        account, user, state=RequestState.ANSWERED, answer=WRITTEN["answer"], answered_at=NOW
    )
    requests.mail("request_answered", answered, to=user.email, asked_by=user)


def send_end_of_token(account, user):
    token = make_api_token(account)
    token.ends_at = SOON
    api_tokens.send_end(token)


def send_export(account, user):
    made = {"listed": "sessions", "format": "csv", "language": "en-gb", "rows": 3, "ends_at": SOON}
    files.send(Export.objects.create(account=account, person=user, **made))


def send_failed_export(account, user):
    failed = {"listed": "sessions", "format": "csv", "language": "en-gb", "ends_at": SOON}
    export = Export.objects.create(account=account, person=user, **failed)
    files.send(export, "export_failed")


def send_email_change(account, user):
    codes = {"old_code": "the-old", "new_code": "the-new"}
    email_changes.send(
        EmailChange.objects.create(user=user, email="new@example.com", ends_at=SOON, **codes)
    )


def send_email_change_by_support(account, user):
    codes = {"old_code": "the-old", "new_code": "the-new"}
    email_changes.send(
        EmailChange.objects.create(
            user=user, email="new@example.com", ends_at=SOON, due_at=SOON, **codes
        )
    )


def send_security_change(account, user):
    change = security_changes.CHANGES["mfa/email/totp_activated"]
    origin = security_changes.origin_of("192.0.2.7", FIREFOX)
    security_changes.mail(user, change.subject, origin=origin)


def send_wrong_passwords(_account, user):
    request = RequestFactory().get("/", headers={"User-Agent": FIREFOX}, REMOTE_ADDR="192.0.2.7")
    with TestCase.captureOnCommitCallbacks(execute=True):
        guesses.tell(request, user)


def send_single_sign_on(account, _user):
    subject = gettext_lazy("Single sign-on was turned off in %(account)s")
    mails_to_owners.tell(account, subject, by=TESTER, reason=WRITTEN["reason"])


def send_vendor_deeds(account, _user):
    anna = Actor("support", "", "Anna Kowalski <anna@vendor.example>")
    licence = make_pool(8, name="London planners", account=account).licence
    licences.set_seats(licence, 12, by=anna, reason=WRITTEN["reason"])
    entry = AuditEntry.objects.get(action="seats_changed")
    entry.at = NOW
    vendor_deeds.mail(account, [entry])


def send_report(account, user):
    make_pool(8, name="London planners", account=account)
    member = Membership.objects.select_related("account", "user").get(account=account, user=user)
    wanted = Wanted(ReportKind.POSITION, Every.WEEK, FileFormat.CSV, readers=[user])
    sending.send_now(orders.order(member, wanted), member)


def send_support_view(account, _user):
    """With a ticket, and without."""
    anna = UserFactory(name="Anna Kowalski", email="anna@vendor.example", is_staff=True)
    entry = audit.record(account, visits.BEGAN, by=anna.as_actor, reason=WRITTEN["reason"])
    for ticket in (WRITTEN["ticket"], ""):
        ends_at = NOW + visits.LASTS
        visits.tell_owners(Visit(account=account, entry=entry, ticket=ticket, ends_at=ends_at))


def send_account_closing(account, _user):
    """That it closes, that it stays, that it is closed, that another is a part of it."""
    account.closes_at = SOON
    told.closes(account, reason=WRITTEN["reason"])
    told.stays(account, reason="")
    told.closed(account, reason=WRITTEN["reason"])
    told.merged(AccountFactory(name="Hill & Dale"), account, reason=WRITTEN["reason"])


def send_approval_asked(account, user):
    anna = UserFactory(name="Anna Kowalski", email="anna@vendor.example", is_staff=True)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    user.groups.add(Group.objects.get(name="Support"))
    asked = Approval(
        account=account,
        asker=str(anna.pk),
        asked_by="Anna Kowalski",
        label="Reset two-step sign-in",
        description="Tom Reed",
        effects=["Tom Reed signs in with the password alone."],
        reason=WRITTEN["reason"],
        lapses_at=NOW,
    )
    table = tables.named("membership")
    approvals.tell_approvers(table, table.act_named("reset-two-step"), asked)


def send_webhook_off(account, user):
    """Of one of the account's, and of one of the vendor's own to who keeps those."""
    user.groups.add(Group.objects.get(name="Supervisor"))
    User.objects.filter(pk=user.pk).update(is_staff=True)
    for of in (account, None):
        webhook = make_webhook(of)
        Webhook.objects.update(failing_since=NOW)
        turning_off.turn_off(webhook, OffBecause.FAILING)


def send_alerts(account, user):
    """One, two at once, and a test."""
    rule = alert_rules.add(
        account, alert_rules.Wanted(event="pool_full", roles=["owner"]), by=TESTER
    )
    licence = make_pool(10, name=WRITTEN["licence"], account=account).licence
    found = [
        account.alerts.create(
            event="pool_full", key=f"{share}:{share}", threshold=share, licence=licence,
            facts={"in_use": 10, "seats": 10}, since=NOW,
        )
        for share in (80, 100)
    ]  # fmt: skip
    told = [AlertNotice(alert=alert, rule=rule, user=user, due_at=NOW) for alert in found]
    alerts.mail(told[1:])
    alerts.mail(told)
    alerts.send_test(rule, by=TESTER)


def ask_for(path, email):
    """What a stranger's browser asks for, which wants German just when the reader does not."""
    language = translation.get_language()
    Client(headers={"accept-language": language}).post(path, {"email": email})


CAUSES = {
    "mail/invitation": lambda account, user: invitations.send(invitation(account, user), by=TESTER),
    "mail/invitation_asked": lambda account, user: invitations.tell_owners(
        invitation(account, user)
    ),
    "mail/request_made": lambda account, user: requests.mail(
        "request_made", request_of(account, user), to=settings.SALES_EMAIL, asked_by=user
    ),
    "mail/request_answered": send_answer,
    "mail/api_token_ends": send_end_of_token,
    "mail/export": send_export,
    "mail/export_failed": send_failed_export,
    "mail/email_change": send_email_change,
    "mail/email_change_by_support": send_email_change_by_support,
    "mail/security_change": send_security_change,
    "mail/report": send_report,
    "mail/single_sign_on": send_single_sign_on,
    "mail/vendor_deeds": send_vendor_deeds,
    "mail/alert": send_alerts,
    "mail/support_view": send_support_view,
    "mail/account_closing": send_account_closing,
    "mail/approval_asked": send_approval_asked,
    "mail/webhook_off": send_webhook_off,
    "mail/wrong_passwords": send_wrong_passwords,
    "account/email/login_code_message": lambda _, user: ask_for(
        "/accounts/login/code/", user.email
    ),
    "account/email/password_reset_key_message": lambda _, user: ask_for(
        "/accounts/password/reset/", user.email
    ),
    "account/email/unknown_account_message": lambda _account, _user: ask_for(
        "/accounts/password/reset/", "nobody@example.com"
    ),
}
