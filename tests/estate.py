"""An account with something in every state, and its people: what walks and browsers look at."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from licensing import errors, keys, licences, rules, sessions
from licensing.rules import NewRule
from portal.alerts import incidents
from portal.alerts import rules as alert_rules
from portal.alerts.rules import Wanted
from portal.desk import requests
from portal.models import RequestKind, Role
from portal.people import invitations
from portal.webhooks import deliveries, outcomes, sending
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    UserFactory,
    days_from_today,
    make_api_token,
    make_client,
    make_pool,
    make_session,
    make_single_user,
    make_webhook,
)

HOUR = dt.timedelta(hours=1)


class Estate(SimpleNamespace):
    """What of it has a name in tests."""

    def address(self, path):
        """An address with the ids of the estate filled in."""
        single_user = self.account.licences.get(name="Estimator")
        return path.format(
            account=self.account.pk,
            invitation=self.invitation.code,
            licence=self.planners.licence_id,
            single_user=single_user.pk,
            session=self.jsmith.pk,
            member=self.account.memberships.get(user=self.viewer).pk,
            owner=self.account.memberships.get(user=self.owner).pk,
            old_key=self.planners.pk,
            new_key=self.planners.superseded_by.pk,
            rule=self.account.access_rules.get().pk,
            device=single_user.devices.get().pk,
            token=self.token.pk,
            asked=self.asked.pk,
            view=self.view.pk,
            webhook=self.webhook.pk,
            alert_rule=self.alert_rule.pk,
        )


def build():
    """The account and its people."""
    account = AccountFactory(name="Brook & Co")
    owner = UserFactory(name="Priya Shah", email="priya@example.com")
    viewer = UserFactory(name="Vic Viewer", email="vic@example.com")
    MembershipFactory(account=account, user=owner, role=Role.OWNER)
    MembershipFactory(account=account, user=viewer, role=Role.VIEWER)
    MembershipFactory(account=AccountFactory(name="Hill & Dale"), user=owner, role=Role.VIEWER)

    planners = make_pool(10, account=account, name="London planners", features=["bim", "4d"])
    for minutes in (0, 10, 9 * 60):
        make_session(planners, refreshed=dt.timedelta(minutes=minutes))
    jsmith = make_session(planners, make_client(username="J. Smith", machine_name="CAD-017"))
    keys.reissue(planners, by=TESTER, overlap=dt.timedelta(days=7), reason="Routine")
    contractors = NewRule(licence=planners.licence, username="CONTRACTOR\\*")
    rules.add(account, contractors, by=TESTER, reason="The site team has licences of its own")

    add_tight_pools(account)
    add_single_user_licences(account)
    token = make_api_token(account)
    asked = requests.make(
        account, RequestKind.SEATS, "We grow.", by=viewer, licence=planners.licence, seats=12
    )
    view = account.saved_views.create(
        person=owner, listed="sessions", name="Held in London", query="state=held", is_shared=True
    )
    report = account.reports.create(person=owner, kind="view", view=view, next_on="2026-12-07")
    report.places.create(person=owner)
    invitation = invitations.invite(account, "new@example.com", Role.MANAGER, by=TESTER)
    return Estate(
        account=account,
        owner=owner,
        viewer=viewer,
        planners=planners,
        jsmith=jsmith,
        invitation=invitation,
        token=token,
        asked=asked,
        view=view,
        webhook=failing_webhook(account),
        alert_rule=rule_of_alerts(account, owner),
    )


def rule_of_alerts(account, owner):
    """A rule of alerts, and the alerts that are open by it."""
    wanted = Wanted(event="pool_full", threshold=80, roles=[Role.OWNER], people=[owner])
    rule = alert_rules.add(account, wanted, by=TESTER)
    incidents.look()
    return rule


def failing_webhook(account):
    """A webhook that answered a test with an error."""
    webhook = make_webhook(account, "session.released", "key.reissued")
    deliveries.send_test(webhook, by=TESTER)
    answered = outcomes.Outcome(500, "failed", "Oh", dt.timedelta(milliseconds=84))
    outcomes.note([(taken, answered) for taken in sending.take()])
    return webhook


def add_tight_pools(account):
    """Pools that are full, over their limit, suspended and about to end."""
    full = make_pool(1, account=account, name="Tender office", ends_on=days_from_today(9))
    make_session(full)
    with pytest.raises(errors.PoolExhausted):
        sessions.check_out(full, make_client())
    over = make_pool(3, account=account, name="Graduates")
    for _ in range(3):
        make_session(over, make_client(os_session="3"))
    licences.set_seats(over.licence, 2, by=TESTER, reason="Order 4711: one seat fewer")
    suspended = make_pool(5, account=account, name="Harbour joint venture")
    licences.set_state(suspended.licence, "suspended", by=TESTER)


def add_single_user_licences(account):
    """One whose seat is held beyond its grace period, and one that starts later."""
    held = make_single_user(account=account, name="Estimator")
    make_session(held, refreshed=31 * 24 * HOUR)
    make_single_user(account=account, name="New starter", starts_on=days_from_today(9))
