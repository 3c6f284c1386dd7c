"""A webhook is made, tested, seen to fail, mended and turned on, against a real receiver."""

from __future__ import annotations

from django.db.models.functions import Now

from portal.models import OffBecause
from portal.telling import fan_out
from portal.webhooks import sending, turning_off


def deliver(page):
    """A worker sends what waits, and the reader loads the page again, as it tells them to."""
    fan_out.tell()
    sending.deliver(at_once=True)
    page.reload()


def send_test(page):
    page.press("Send test")
    assert "On its way" in last(page)
    deliver(page)


def last(page):
    """The latest delivery."""
    return page.parts("//*[@id='deliveries']//tbody/tr")[0]


def test_one_is_made_tested_and_mended(page, estate, sign_in, receiver):
    """`/off` of the receiver answers 500 until it is back."""
    estate.account.webhooks.update(removed_at=Now())  # nothing is posted to the real internet
    sign_in(page, estate.owner)
    page.open("/webhooks/add/")
    page.fill("Address", receiver.address("/off"))
    page.tick("Only some")
    page.unfold("Licences")
    page.tick("licence.renamed")
    page.press("Make webhook")

    send_test(page)
    assert "Status 500" in last(page)
    assert "Nothing has arrived since" in page.main

    hook = estate.account.webhooks.get(address=receiver.address("/off"))
    turning_off.turn_off(hook, OffBecause.FAILING)
    receiver.is_back = True
    page.reload()
    send_test(page)
    assert "Status 204" in last(page)
    page.follow("Turn on")
    page.fill("Reason", "The receiver is mended")
    page.press("Turn on")
    assert page.has("Turn off")
    deliver(page)

    states = page.parts("//*[@id='deliveries']//tbody//*[contains(@class, 'cell-state')]")
    assert ["Delivered" in state for state in states][:2] == [True, True]
    assert receiver.counted == {"/off": 3}
