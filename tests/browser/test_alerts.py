"""A rule is made, tested, seen to fail at its channel, mended; an alert is told and stopped."""

from __future__ import annotations

from playwright.sync_api import expect

from portal.alerts import incidents
from portal.alerts import sending as alerts
from portal.models import WebhookKind
from portal.webhooks import hooks, sending
from tests.browser.barriers import barriers
from tests.factories import TESTER, make_pool, make_session


def deliver(page):
    """Workers look, tell and send, and the reader loads the page again."""
    incidents.look()
    alerts.send()
    sending.deliver(at_once=True)
    page.reload()


def test_one_is_made_tested_mended_told_and_stopped(page, estate, sign_in, receiver, complaints):
    """`/off` of the receiver answers 500 until it is back."""
    estate.account.webhooks.all().delete()  # nothing is posted to the real internet
    where = receiver.address("/off")
    hook = hooks.create(estate.account, where, [], by=TESTER, kind=WebhookKind.SLACK)
    channel = f"Slack or Mattermost ({hook})"
    sign_in(page, estate.owner)
    page.goto("/alerts/")
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page.locator("#attention")).to_be_visible()
    page.goto("/alerts/")
    page.get_by_role("link", name="New alert rule").click()
    page.get_by_role("radio", name="Seat held").check()
    expect(page.get_by_role("combobox", name="Pool full: from when on")).to_be_hidden()
    page.get_by_role("radio", name="Pool full").check()
    page.get_by_role("combobox", name="Pool full: from when on").select_option("90")
    page.get_by_role("checkbox", name="Owners").check()
    page.get_by_role("combobox", name="Tell a channel or system").select_option(channel)
    found = barriers(page, "the form of an alert rule")
    page.get_by_role("button", name="Make rule").click()

    rule = page.locator("#rules tbody tr", has_text=channel)
    rule.get_by_role("button", name="Send test").click()
    expect(page.locator("#toasts, .messages").first).to_contain_text("A test is on its way")
    deliver(page)
    expect(rule).to_contain_text(f"{channel} (nothing arrives)")
    receiver.is_back = True
    rule.get_by_role("button", name="Send test").click()
    deliver(page)
    expect(rule).not_to_contain_text("(nothing arrives)")

    make_session(make_pool(1, account=estate.account, name="Night shift"))
    deliver(page)
    alert = page.locator("#alert-body tr", has_text="Night shift 90 % full")
    alert.get_by_role("link", name="Stop mails for me").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop these mails").click()
    expect(rule).to_contain_text("You stopped these mails.")
    found |= barriers(page, "alerts whose mails are stopped")
    rule.get_by_role("button", name="Get them again").click()
    expect(rule.get_by_role("link", name="Stop mails for me")).to_be_visible()

    assert receiver.received[-1][2].count(b"Night shift 90 % full") == 1
    assert (found, complaints) == (set(), [])
