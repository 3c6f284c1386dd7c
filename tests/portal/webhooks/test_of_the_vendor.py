"""The vendor's own webhooks: told of every account by what tells customers' own."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from standardwebhooks import Webhook as Verifier

from licensing import licences
from licensing.audit import Actor
from licensing.encryption import decrypt
from licensing.errors import InvalidOperation
from licensing.models import AuditEntry
from licensing.models.licences import LicenceState
from portal.models import OffBecause, Webhook, WebhookDelivery
from portal.people import privacy
from portal.telling import fan_out
from portal.webhooks import deliveries, hooks, sending, turning_off
from tests.factories import TESTER, AccountFactory, UserFactory, make_pool
from tests.portal.webhooks.made import deliver_later, make_hook


def make_own(address, *events):
    """A webhook of the vendor's own, of whose making nobody is told."""
    hook = hooks.create(None, address, events, by=TESTER)
    fan_out.tell()
    WebhookDelivery.objects.all().delete()
    return hook


@pytest.fixture
def pools(db):
    """A licence in each of two accounts."""
    made = [make_pool(3, account=AccountFactory(name=name)).licence for name in ("Brook", "Hill")]
    fan_out.tell()
    return made


def events_of(hook):
    """What it was told, with the account of each."""
    told = hook.deliveries.order_by("pk").values_list("event", "entry__account__name")
    return list(told)


def test_events_of_every_account_arrive_signed(pools, receiver):
    hook = make_own(receiver.address())
    for licence in pools:
        licences.set_seats(licence, 5, by=TESTER)
    fan_out.tell()

    sending.deliver()
    sending.deliver()

    verifier = Verifier(decrypt(bytes(hook.encrypted_secret)))
    told = [verifier.verify(body, headers) for _path, headers, body in receiver.received]
    assert [one["type"] for one in told] == ["licence.seats_changed"] * 2
    assert {one["data"]["account"] for one in told} == {one.account_id for one in pools}
    numbers = AuditEntry.objects.filter(action="seats_changed").values_list("number", flat=True)
    assert sorted(one["data"]["number"] for one in told) == sorted(numbers)


def test_a_customers_webhook_still_gets_only_its_own(pools, receiver):
    own = make_own(receiver.address(), "licence.state_changed")
    of_brook = make_hook(pools[0].account, receiver.address("/brook"), "licence.state_changed")

    for licence in pools:
        licences.set_state(licence, LicenceState.SUSPENDED, by=TESTER)
    fan_out.tell()

    assert sorted(events_of(own)) == [
        ("licence.state_changed", "Brook"),
        ("licence.state_changed", "Hill"),
    ]
    assert events_of(of_brook) == [("licence.state_changed", "Brook")]


def test_a_new_account_is_told_from_its_first_event_on(db, receiver):
    own = make_own(receiver.address(), "account.created", "licence.issued")

    make_pool(3, account=AccountFactory(name="New"))
    fan_out.tell()

    assert events_of(own) == [("licence.issued", "New")]


def test_the_vendor_reads_names_where_an_accounts_viewers_read_aliases(pools, receiver):
    make_own(receiver.address(), "licence.seats_changed")
    privacy.show_aliases(pools[0].account, True, by=TESTER)

    licences.set_seats(pools[0], 5, by=TESTER, reason="Order SO-1.")
    fan_out.tell()
    sending.deliver()

    [(_path, _headers, body)] = receiver.received
    assert "Order SO-1." in body.decode()


def test_what_does_not_arrive_is_tried_again(pools, receiver):
    hook = make_own(receiver.address("/fails"))
    licences.set_seats(pools[0], 5, by=TESTER)
    fan_out.tell()

    sending.deliver()
    deliver_later()

    hook.refresh_from_db()
    assert (hook.failures, hook.deliveries.get().tries) == (2, 2)


def test_a_test_tells_of_no_account(db, receiver):
    hook = make_own(receiver.address())

    deliveries.send_test(hook, by=TESTER)
    sending.deliver()

    verifier = Verifier(decrypt(bytes(hook.encrypted_secret)))
    [(_path, headers, body)] = receiver.received
    assert verifier.verify(body, headers)["data"]["account"] is None


def test_no_address_within_the_network_is_taken(db):
    with pytest.raises(InvalidOperation, match="public internet"):
        hooks.create(None, "https://127.0.0.1/crm", [], by=TESTER)


def test_what_staff_do_to_it_stands_in_their_history_and_in_no_accounts_record(db, receiver):
    person = UserFactory(is_staff=True)
    before = AuditEntry.objects.count()
    by = Actor("support", str(person.pk), "Joan")

    hook = hooks.create(None, receiver.address(), [], by=by)
    hooks.rotate(hook, by=by, reason="It leaked.")
    hooks.turn_off(hook, by=by, reason="For the night.")
    hooks.turn_on(hook, by=by, sends_again=True)
    hooks.remove(hook, by=by)

    told = [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]
    assert len(told) == 5
    assert told[1].endswith("It leaked.")
    assert not any("whsec_" in one for one in told)
    assert AuditEntry.objects.count() == before


def test_one_that_is_of_no_use_turns_itself_off(db, receiver, mailoutbox):
    hook = make_own(receiver.address())

    turning_off.turn_off(hook, OffBecause.GONE)

    assert Webhook.objects.get().off_because == OffBecause.GONE
    assert mailoutbox == []
