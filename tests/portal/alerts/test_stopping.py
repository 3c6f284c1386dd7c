"""Whoever is told stops their own mails in the portal, and gets them again; nobody else's stop."""

from __future__ import annotations

import pytest
from django.db.models import F

from licensing.models import OutboxEvent
from portal.alerts import incidents
from portal.models import AlertRule, Membership
from tests.factories import TESTER, MembershipFactory, make_client, make_pool, make_session
from tests.pages import said, told
from tests.portal.alerts.made import act, make_rule

STOP = "Stop mails for me"


@pytest.fixture
def full(account):
    """A pool that is full."""
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    make_session(make_pool(1, account=account, name="Leeds"), make_client(username="anna"))
    return account


def test_of_a_rule_whoever_it_mails_stops_it_for_themselves_and_gets_it_again(
    manager, viewer, stranger, account
):
    rule = make_rule(account, "pool_full", threshold=100, roles=["manager"])
    path = f"/alerts/rules/{rule.pk}/stop/"
    offered = [browser.get("/alerts/").text.count(STOP) for browser in (manager, viewer)]
    asked = manager.get(path).text
    after_look = rule.stopped_by.count()
    refused = said(viewer.post(path))
    stopped = act(manager, path)
    recorded = told()
    page, of_viewer = manager.get("/alerts/").text, viewer.get("/alerts/").text
    again = manager.post(f"/alerts/rules/{rule.pk}/mails/")

    assert offered == [1, 0]
    assert "Pool full, 100 % of the seats in use</li>" in asked
    assert (after_look, stranger.post(path).status_code) == (0, 404)
    assert refused[-1] == ("info", "You get no mails of this.")
    assert said(stopped)[-1] == ("success", "You get no more of these mails.")
    assert recorded == "Tom Reed stopped the mails that they got by the alert rule “Pool full”."
    assert "You stopped these mails." in page
    assert STOP not in page
    assert "Stopped for themselves: Tom Reed" in of_viewer
    assert said(again)[-1] == ("success", "You get these mails again.")
    assert told() == "Tom Reed gets mails by the alert rule “Pool full” again."
    assert STOP in manager.get("/alerts/").text


def test_on_an_alert_those_rules_are_stopped_that_mail_of_it(manager, viewer, stranger, full):
    by_role = make_rule(full, "pool_full", threshold=100, roles=["manager"])
    tom = Membership.objects.get(account=full, role="manager").user
    by_name = make_rule(full, "pool_full", threshold=90, people=[tom], roles=[])
    others = [
        make_rule(full, "pool_full", threshold=100),
        make_rule(full, "seat_held", roles=["manager"]),
        make_rule(full, "pool_full", threshold=100, tag="West", roles=["manager"]),
    ]
    incidents.look()
    alert = full.alerts.get(threshold=100)
    path = f"/alerts/{alert.pk}/stop/"
    offered = [browser.get("/alerts/rows/").text.count(STOP) for browser in (manager, viewer)]

    act(manager, path)

    assert offered == [1, 0]
    assert list(AlertRule.objects.filter(stopped_by=tom)) == [by_role]
    assert not {by_name, *others} & set(AlertRule.objects.filter(stopped_by=tom))
    assert STOP not in manager.get("/alerts/rows/").text
    assert stranger.post(path).status_code == 404


def test_of_those_whom_a_rule_names_the_list_has_who_is_told(owner, account):
    left = MembershipFactory(account=account, user__name="Len Left")
    rule = make_rule(account, "pool_full", threshold=100, people=[left.user], roles=["viewer"])
    make_rule(account, "token_ends", roles=["owner", "manager"])
    before = owner.get("/alerts/").context["rules"]
    left.delete()

    after = owner.get("/alerts/").context["rules"]

    assert [row.readers for row in before] == ["Viewers, Len Left", "Owners, by another mail"]
    assert [row.readers for row in after] == ["Viewers", "Owners, by another mail"]
    assert [row.is_mailed for row in after] == [False, False]
    assert rule.people.count() == 1


@pytest.mark.usefixtures("owner")
def test_a_rule_tells_nobody_of_another_account(full, stranger, mailoutbox):
    """Not by role, and not somebody whom it names who has since come to be of another one."""
    other = Membership.objects.exclude(account=full).get()
    rule = make_rule(full, "pool_full", threshold=100, people=[other.user])
    incidents.look()
    readers = set(full.alerts.get().notices.values_list("user__email", flat=True))

    assert readers == {"priya@example.com"}
    assert rule.people.get() == other.user
    assert TESTER
