"""What pages and the record say, and what their addresses name."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.messages import get_messages

from licensing import import_acts, rules
from licensing.models import AccessRule, AuditEntry, Device, Feature, Import
from licensing.models.imports import Source
from portal.alerts import rules as alert_rules
from portal.alerts import stopping
from portal.alerts.rules import Wanted
from portal.desk import requests
from portal.models import Membership, RequestKind, Role
from portal.people import email_changes, invitations, leavers
from portal.webhooks import deliveries
from portal.words.aliases import real_names
from portal.words.sentences import sentence
from tests.factories import (
    TESTER,
    MembershipFactory,
    UserFactory,
    make_api_token,
    make_client,
    make_session,
    make_single_user,
    make_template,
    make_webhook,
)


@pytest.fixture
def values(account, pool, manager):
    """What addresses name: rows of the account, so that nobody else may find them.

    "row name": a value for one row of the table only.
    """
    client = make_client(username="anna-real", machine_name="CAD-REAL")
    session = make_session(pool, client)
    single = make_single_user(account=account)
    make_session(single, client)
    barred = rules.NewRule(username="anna-real*", machine_name="CAD-REAL*")
    rules.add(account, barred, by=TESTER, reason="anna-real left")
    member = Membership.objects.get(account=account, role=Role.MANAGER)
    leaving = MembershipFactory(account=account, role=Role.VIEWER)
    invited = invitations.invite(account, "new@example.com", Role.VIEWER, by=TESTER)
    gone = leavers.Leaver(account, username="gone")
    left = leavers.remove(gone, [leavers.Part.BLOCK], by=TESTER, reason="anna-real said so")
    webhook = make_webhook(account)
    delivery = deliveries.send_test(webhook, by=TESTER)
    asked = requests.make(account, RequestKind.HELP, "Please call.", by=UserFactory())
    rule = AccessRule.objects.last()
    at_the_desk = (
        session, single, single.licence, webhook, delivery, asked, invited, leaving, leaving.user,
        rule, Device.objects.get(), single.licence.product, Feature.objects.last(), make_template(),
    )  # fmt: skip
    return {
        "webhook_id": webhook.pk,
        "delivery_id": delivery.pk,
        "alert_rule_id": (on_alert := rule_of_alerts(account, member.user)).pk,
        "alert_id": account.alerts.get().pk,
        "signed": stopping.link(member.user, [on_alert]).split("/")[-2],
        "number": left.number,
        "licence_id": single.licence_id,
        "key_id": single.pk,
        "device_id": Device.objects.get().pk,
        "rule_id": rule.pk,
        "session_id": session.pk,
        "token_id": make_api_token(account).pk,
        "request_id": asked.pk,
        "code": invited.code,
        "listed": "audit",
        "week": "2026-01-05",
        "name": "sessions",
        "view_id": saved_view(manager, account).pk,
        "report_id": report_of_view(account, member).pk,
        "portal:stop_report code": "nobodys",
        "member_id": leaving.pk,
        "invitation_id": invited.pk,
        "portal:confirm_email code": email_changes.ask(member.user, "newer@example.com").new_code,
        "domain_id": account.email_domains.create(name="example.com").pk,
        "provider_id": account.pk,
        "account_id": account.pk,
        "planned_id": 0,
        "export_id": 0,
        "import_id": an_import(account).pk,
        "first": 0,
        "last": 0,
        "link_id": 0,
        "pk": account.pk,
        **{f"support:{row._meta.model_name} pk": row.pk for row in at_the_desk},
        "key": "none",
        "uidb36": "0",
        "object_id": 0,
        "content_type_id": 0,
        "app_label": "licensing",
        "url": "nothing",
    }


def an_import(account):
    """A list without rows that is being taken in."""
    entry = import_acts.begin(
        account, Source.ALM, {"licences": 0, "seats": 0}, by=TESTER, reason=""
    )
    return Import.objects.create(account=account, source=Source.ALM, entry=entry)


def rule_of_alerts(account, user):
    """A rule by which an alert is open that names somebody."""
    rule = alert_rules.add(account, Wanted(event="seat_held", people=[user]), by=TESTER)
    facts = {"username": "anna-real", "machine": "CAD-REAL"}
    account.alerts.create(
        event="seat_held", key=str(uuid.uuid4()), facts=facts, licence=account.licences.first()
    )
    return rule


def saved_view(manager, account):
    """A view that the manager shared."""
    asked = {"name": "anna-real left", "is_shared": "on"}
    manager.post("/views/sessions/save/?q=anna-real", asked)
    return account.saved_views.get()


def report_of_view(account, member):
    """A report of the view that the manager shared, for everybody of the account."""
    made = account.reports.create(
        person=member.user, kind="view", view=account.saved_views.get(), next_on="2026-12-07"
    )
    for person in account.memberships.all():
        made.places.create(person=person.user)
    return made


def said(response):
    """The messages that the next page will show."""
    return [(message.level_tag, str(message)) for message in get_messages(response.wsgi_request)]


def last_entry():
    """What the audit record says last: the act, its reason and who did it."""
    entry = AuditEntry.objects.order_by("pk").last()
    return entry.action, entry.reason, entry.actor_name


def told(entry=None):
    """An entry of the audit record, the last one unless named, as managers read it."""
    entry = entry or AuditEntry.objects.order_by("pk").last()
    return sentence(entry, real_names(entry.account))
