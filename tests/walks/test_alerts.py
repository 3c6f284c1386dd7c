"""A rule is made, tested, seen to fail at its channel, mended; an alert is told and stopped."""

from __future__ import annotations

from portal.alerts import incidents
from portal.alerts import sending as alerts
from portal.models import WebhookKind
from portal.webhooks import hooks, sending
from tests.factories import TESTER, make_pool, make_session


def deliver(page):
    """Workers look, tell and send, and the reader loads the page again."""
    incidents.look()
    alerts.send()
    sending.deliver(at_once=True)
    page.reload()


def test_one_is_made_tested_mended_told_and_stopped(page, estate, sign_in, receiver):
    """`/off` of the receiver answers 500 until it is back."""
    estate.account.webhooks.all().delete()  # nothing is posted to the real internet
    where = receiver.address("/off")
    hook = hooks.create(estate.account, where, [], by=TESTER, kind=WebhookKind.SLACK)
    channel = f"Slack or Mattermost ({hook})"
    sign_in(page, estate.owner)
    page.open("/alerts/")
    page.follow("New alert rule")
    page.tick("Pool full")
    page.fill("Pool full: from when on", "90 %")
    page.tick("Owners")
    page.fill("Tell a channel or system", channel)
    page.press("Make rule")

    page.row(channel).press("Send test")
    assert "A test is on its way" in page
    deliver(page)
    assert f"{channel} (nothing arrives)" in page.row(channel)
    receiver.is_back = True
    page.row(channel).press("Send test")
    deliver(page)
    assert "(nothing arrives)" not in page.row(channel)

    make_session(make_pool(1, account=estate.account, name="Night shift"))
    deliver(page)
    page.row("Night shift 90 % full").follow("Stop mails for me")
    page.press("Stop these mails")
    assert "You stopped these mails." in page.row(channel)
    page.row(channel).press("Get them again")
    assert page.row(channel).has("Stop mails for me")

    assert receiver.received[-1][2].count(b"Night shift 90 % full") == 1
