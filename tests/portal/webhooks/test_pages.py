"""Owners make, test, mend and remove webhooks on their pages."""

from __future__ import annotations

import json
import re
import socket

import pytest
from django.db.models import F

from licensing.models import OutboxEvent
from portal.models import OffBecause, Webhook, WebhookDelivery
from portal.telling import fan_out
from portal.webhooks import deliveries, hooks, sending, turning_off
from tests.factories import PUBLIC, TESTER, make_webhook
from tests.pages import last_entry, said, told
from tests.portal.webhooks.made import deliver_later, rename

WHY = "Routine, as every year"


@pytest.fixture
def licence(pool):
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    return pool.licence


def act(browser, path, **words):
    """Do an act, and say why."""
    return browser.post(path, {"reason": WHY} | words)


def test_one_is_made_and_its_page_shows_the_way_to_its_secret(owner, account):
    address = f"{PUBLIC}/T0K3N"
    made = act(owner, "/webhooks/add/", address=address, which="some", events=["key.revoked"])
    hook = account.webhooks.get()
    page = owner.get(made["Location"]).text

    assert (hook.address, hook.events) == (address, ["key.revoked"])
    assert hooks.reveal(hook, by=TESTER) not in page
    assert f'action="/webhooks/{hook.pk}/secret/"' in page
    assert told(account.audit_entries.get(action="webhook_created")) == (
        "Priya Shah made a webhook to 8.8.8.8."
    )
    recorded = json.dumps(list(account.audit_entries.values("object_name", "details")))
    assert "T0K3N" not in recorded


UNUSABLE = [
    ("https://10.0.0.7/", "That address isn&#x27;t on the public internet."),
    ("https://127.0.0.1:8000/", "That address isn&#x27;t on the public internet."),
    ("https://[::ffff:10.0.0.7]/", "That address isn&#x27;t on the public internet."),
    ("https://intranet/x", "Only names of the public internet work"),
    ("http://8.8.8.8/", "The address has to begin with https://."),
    ("https://me:secret@8.8.8.8/", "The address may hold no user name, password or #."),
    ("https://[8.8.8.8/", "This is no address of a website."),
    ("https://a b.example/", "This is no address of a website."),
]


def test_an_address_that_cannot_be_used_is_refused_and_kept(owner, account):
    for address, why in UNUSABLE:
        refused = act(owner, "/webhooks/add/", address=address, which="all")

        assert refused.status_code == 422, address
        assert why in refused.text, address
        assert refused.context["form"]["address"].value() == address
    assert not account.webhooks.exists()


def test_a_name_is_judged_by_where_it_leads(owner, account, monkeypatch):
    """Changing to an internal one is refused as making one is."""
    hook = make_webhook(account)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", ("10.0.0.7", 0))])

    refused = act(owner, f"/webhooks/{hook.pk}/change/", address="https://in.example/", which="all")

    assert "The DNS knows no public address of this name." in refused.text  # nor of unknown ones
    assert Webhook.objects.get().address == PUBLIC


def test_a_channel_is_asked_for_no_events(owner, account):
    """Alerts tell it, by rules; what was chosen of events before does not count."""
    channel = {"kind": "slack", "address": PUBLIC}
    made = [act(owner, "/webhooks/add/", **channel, **more) for more in ({}, {"which": "some"})]
    hook = account.webhooks.first()
    form = owner.get(f"/webhooks/{hook.pk}/change/").context["form"]
    changed = act(owner, f"/webhooks/{hook.pk}/change/", address=f"{PUBLIC}/b")
    of_system = act(owner, "/webhooks/add/", address=PUBLIC)

    assert [answer.status_code for answer in made] == [302, 302]
    assert [hook.events for hook in account.webhooks.all()] == [[], []]
    assert list(form.fields) == ["address"]
    assert said(changed)[-1] == ("success", "The webhook is changed.")
    assert of_system.status_code == 422


def test_only_some_without_any_is_asked_again(owner):
    refused = act(owner, "/webhooks/add/", address=PUBLIC, which="some")

    assert "Choose at least one." in refused.text


def test_the_secret_is_revealed_and_that_is_recorded(owner, account):
    hook = make_webhook(account)

    answer = owner.post(f"/webhooks/{hook.pk}/secret/", headers={"Accept": "application/json"})

    assert answer.json()["value"].startswith("whsec_")
    assert last_entry()[0] == "webhook_secret_revealed"


def test_a_failing_one_is_mended(owner, account, licence, receiver):
    """Made, tested, seen to fail, turned off by itself, mended, turned on: nothing is missing."""
    hook = make_webhook(account, "licence.renamed", address=receiver.address("/off"))
    fan_out.tell()
    rename(licence)
    owner.post(f"/webhooks/{hook.pk}/test/")
    assert told() == f"Priya Shah sent a test to the webhook to {hook}."
    deliver_later()
    failing = owner.get(f"/webhooks/{hook.pk}/").text
    turning_off.turn_off(hook, OffBecause.FAILING)
    home, off = owner.get("/").text, owner.get(f"/webhooks/{hook.pk}/").text
    receiver.is_back = True
    owner.post(f"/webhooks/{hook.pk}/test/")
    sending.deliver()
    came_while_off = receiver.received[-1][2]
    turned_on = act(owner, f"/webhooks/{hook.pk}/on/", sends_again="on")
    sending.deliver()
    well = owner.get(f"/webhooks/{hook.pk}/").text

    assert re.search(r"Nothing has arrived since \d\d:\d\d [A-Z]", failing)
    assert "The server answers, but with an error." in failing
    assert f"The webhook to {hook} was turned off. Nothing arrived for days." in home
    assert "no success since" in off
    assert json.loads(came_while_off)["type"] == "webhook.test"
    assert said(turned_on)[-1] == ("success", "The webhook is on.")
    assert "Not sent" not in well
    assert receiver.counted["/off"] == 5
    assert {row.state for row in hook.deliveries.all()} == {"sent"}


def test_what_was_sent_is_shown_and_sent_again_under_its_id(owner, account, licence, receiver):
    hook = make_webhook(account, "licence.renamed", address=receiver.address("/huge"))
    fan_out.tell()
    rename(licence)
    sending.deliver()
    sent = WebhookDelivery.objects.get()

    page = owner.get(f"/webhooks/{hook.pk}/").text
    owner.post(f"/webhooks/{hook.pk}/deliveries/{sent.pk}/again/")
    recorded = told()
    sending.deliver()

    assert recorded == f"Priya Shah sent 1 message to the webhook to {hook} again."
    assert "Status 200" in page
    assert "renamed London planners to Planners 0." in page
    (_, first, body), (_, second, body_again) = receiver.received
    assert (first["webhook-id"], body) == (second["webhook-id"], body_again)


def test_turning_off_says_what_is_lost_and_does_it(owner, account, licence):
    hook = make_webhook(account)
    fan_out.tell()
    waiting = hook.deliveries.count()
    page = owner.get(f"/webhooks/{hook.pk}/off/").text

    act(owner, f"/webhooks/{hook.pk}/off/")
    rename(licence)

    assert waiting
    assert "1 message that waits is not sent." in page
    assert hook.deliveries.waiting().count() == 0
    assert hook.deliveries.count() == waiting
    assert last_entry()[:2] == ("licence_renamed", "")


def test_a_removed_one_is_gone_with_its_secret(owner, account):
    hook = make_webhook(account)
    deliveries.send_test(hook, by=TESTER)

    act(owner, f"/webhooks/{hook.pk}/remove/")
    gone = owner.get(f"/webhooks/{hook.pk}/").status_code
    hook.refresh_from_db()
    pruned = deliveries.prune()

    assert (gone, bytes(hook.encrypted_secret), pruned) == (404, b"", 2)
    assert last_entry()[:2] == ("webhook_removed", WHY)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_much_for_many_as_for_one(
    owner, account, number, django_assert_num_queries
):
    for _ in range(number):
        deliveries.send_test(make_webhook(account), by=TESTER)
        sending.take()
    owner.get("/webhooks/")

    with django_assert_num_queries(6):
        page = owner.get("/webhooks/").text

    assert page.count("https://<wbr>8.8.8.8/<wbr>hooks") == number
