"""A webhook is made, tested, seen to fail, mended and turned on, against a real receiver."""

from __future__ import annotations

from django.db.models.functions import Now
from playwright.sync_api import expect

from portal.models import OffBecause
from portal.telling import fan_out
from portal.webhooks import sending, turning_off
from tests.browser.barriers import barriers


def deliver(page):
    """A worker sends what waits, and the reader loads the page again, as it tells them to."""
    fan_out.tell()
    sending.deliver(at_once=True)
    page.reload()


def send_test(page):
    page.get_by_role("button", name="Send test").click()
    expect(page.locator("#deliveries tbody tr").first).to_contain_text("On its way")
    deliver(page)


def test_one_is_made_tested_and_mended(page, estate, sign_in, receiver, complaints):
    """`/off` of the receiver answers 500 until it is back."""
    estate.account.webhooks.update(removed_at=Now())  # nothing is posted to the real internet
    sign_in(page, estate.owner)
    page.goto("/webhooks/")
    page.get_by_role("link", name="New webhook").first.click()
    page.get_by_role("textbox", name="Address").fill(receiver.address("/off"))
    page.get_by_role("radio", name="Only some").check()
    page.locator("summary", has_text="Licences").click()
    page.get_by_label("licence.renamed").check()
    found = barriers(page, "the form of a webhook")
    page.get_by_role("button", name="Make webhook").click()

    last = page.locator("#deliveries tbody tr").first
    expect(page.get_by_role("button", name="Send test")).to_be_visible()
    send_test(page)
    expect(last).to_contain_text("Status 500")
    expect(page.locator("main")).to_contain_text("Nothing has arrived since")
    found |= barriers(page, "a webhook that fails")

    hook = estate.account.webhooks.get(address=receiver.address("/off"))
    turning_off.turn_off(hook, OffBecause.FAILING)
    receiver.is_back = True
    page.reload()
    send_test(page)
    expect(last).to_contain_text("Status 204")
    page.get_by_role("link", name="Turn on").click()
    page.get_by_role("dialog").get_by_label("Reason").fill("The receiver is mended")
    page.get_by_role("dialog").get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("link", name="Turn off")).to_be_visible()
    deliver(page)

    states = page.locator("#deliveries tbody .cell-state")
    expect(states).to_contain_text(["Delivered", "Delivered"])
    found |= barriers(page, "a webhook that is well")
    assert receiver.counted == {"/off": 3}
    assert (found, complaints) == (set(), [])
