"""The console's pages of the vendor's own webhooks."""

from __future__ import annotations

import re

import pytest

from licensing import licences
from licensing.encryption import decrypt
from portal.models import OffBecause, User, Webhook, WebhookDelivery
from portal.telling import fan_out
from portal.webhooks import turning_off
from support.console.webhooks import AT_FIRST
from tests.factories import PUBLIC, TESTER, MembershipFactory, ago, make_pool, make_webhook
from tests.kept import kept
from tests.people import signed_in
from tests.support.acting import told
from tests.support.vendor import staff

PAGE = "/support/webhooks/"


@kept
def supervisor():
    """Somebody who keeps our webhooks."""
    return signed_in(staff("Supervisor"))


def press(browser, path, **asked):
    """Ask for an act's page and confirm it."""
    seen = re.search(r'name="seen" value="(\w+)"', browser.get(PAGE + path).text)[1]
    return browser.post(PAGE + path, {"seen": seen, "reason": "It was time."} | asked)


def add(browser):
    """Make one with what is ticked at first."""
    return press(browser, "add/", address=PUBLIC, which="some", events=AT_FIRST)


def test_a_secret_is_shown_once_when_it_is_made_and_when_it_is_replaced(supervisor):
    made = add(supervisor)
    hook = Webhook.objects.get()
    first = decrypt(bytes(hook.encrypted_secret))
    replaced = press(supervisor, f"{hook.pk}/new-secret/")
    second = decrypt(bytes(Webhook.objects.get().encrypted_secret))

    assert first in made.text
    assert "no-store" in made["Cache-Control"]
    assert second in replaced.text
    assert first != second
    for page in (PAGE, f"{PAGE}{hook.pk}/", f"{PAGE}{hook.pk}/change/"):
        text = supervisor.get(page).text
        assert first not in text, page
        assert second not in text, page


def test_it_is_of_no_account_and_told_of_what_a_crm_wants(supervisor):
    add(supervisor)
    hook = Webhook.objects.get()
    licence = make_pool(3).licence
    licences.set_seats(licence, 5, by=TESTER)
    fan_out.tell()

    assert hook.account is None
    assert {"account.created", "licence.issued", "licence.seats_changed", "key.reissued"} < set(
        hook.events
    )
    assert not any(event.startswith(("session.", "person.")) for event in hook.events)
    page = supervisor.get(f"{PAGE}{hook.pk}/").text
    assert "licence.seats_changed" in page
    assert "There is a new webhook." in page


def test_it_is_tried_turned_off_and_on_and_removed(supervisor):
    add(supervisor)
    hook = Webhook.objects.get()

    tried = supervisor.post(f"{PAGE}{hook.pk}/test/")
    press(supervisor, f"{hook.pk}/off/")
    assert Webhook.objects.get().turned_off_at
    press(supervisor, f"{hook.pk}/on/", sends_again="on")
    assert Webhook.objects.get().turned_off_at is None
    test = WebhookDelivery.objects.get(event="webhook.test")
    again = supervisor.post(f"{PAGE}{hook.pk}/deliveries/{test.pk}/again/")
    removed = press(supervisor, f"{hook.pk}/remove/")

    assert told(tried)[0].startswith("A test is on its way.")
    assert told(again)[-1].startswith("It is")
    assert told(removed)[-1] == "The webhook is removed."
    assert not Webhook.objects.kept().exists()


def test_who_keeps_it_is_told_when_nothing_arrives_there(supervisor, mailoutbox):
    """By mail, each of those who may; and whoever opens the desk's first page, with its address."""
    staff("Supervisor", email="second@vendor.example")
    staff("Sales", email="sales@vendor.example")
    add(supervisor)
    hook = Webhook.objects.get()
    Webhook.objects.update(failing_since=ago(days=4))

    turning_off.turn_off(hook, OffBecause.FAILING)
    turning_off.turn_off(hook, OffBecause.FAILING)

    told = [mail for mail in mailoutbox if "Webhook turned off" in mail.subject]
    supervisors = User.objects.filter(groups__name="Supervisor").values_list("email", flat=True)
    assert sorted(mail.to[0] for mail in told) == sorted(supervisors)
    assert f"{PAGE}{hook.pk}/" in told[0].body
    page = supervisor.get("/support/")
    [signal] = page.context["signals"]
    assert signal.address == f"{PAGE}{hook.pk}/"
    assert signal.words.startswith("Webhook to 8.8.8.8 of our own: off for ")


@pytest.mark.parametrize("address", ["http://8.8.8.8/", "https://10.0.0.1/", "nonsense", ""])
def test_an_address_that_cannot_be_is_refused(supervisor, address):
    answer = press(supervisor, "add/", address=address, which="all")

    assert answer.status_code == 422
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("group", ["Support", "Sales", "Auditor"])
def test_others_of_the_staff_do_not_keep_them(supervisor, group):
    add(supervisor)
    hook = Webhook.objects.get()
    browser = signed_in(staff(group))

    assert browser.get(PAGE).status_code == 403
    assert browser.get(f"{PAGE}{hook.pk}/").status_code == 403
    assert browser.get(f"/support/records/webhook/{hook.pk}/").status_code == 404


def test_a_customers_webhook_is_none_of_ours_and_ours_none_of_theirs(supervisor):
    owner = MembershipFactory(role="owner")
    theirs = make_webhook(owner.account)
    add(supervisor)
    ours = Webhook.objects.of_vendor().get()

    assert supervisor.get(f"{PAGE}{theirs.pk}/").status_code == 404
    customer = signed_in(owner.user)
    assert customer.get(f"/webhooks/{ours.pk}/").status_code == 404
    assert [row["webhook"] for row in customer.get("/webhooks/").context["rows"]] == [theirs]
