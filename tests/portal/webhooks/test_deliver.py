"""What a webhook is told arrives, signed, at least once, whatever receivers and workers do."""

from __future__ import annotations

import datetime as dt
import json
import socket

import pytest
from django.db.models import F
from django.db.models.functions import Now
from standardwebhooks import Webhook as Verifier

from licensing import sessions
from licensing.models import OutboxEvent
from portal.models import DeliveryState, OffBecause, Webhook, WebhookDelivery
from portal.outbound import posting
from portal.people import privacy
from portal.telling import fan_out
from portal.webhooks import deliveries, hooks, outcomes, sending
from tests.factories import TESTER, MembershipFactory, ago, make_session
from tests.portal.webhooks.made import deliver_later, make_hook, rename

WAITING, SENT, FAILED = DeliveryState.WAITING, DeliveryState.SENT, DeliveryState.FAILED


@pytest.fixture
def hurry(monkeypatch):
    """A receiver has little time."""
    monkeypatch.setattr(posting, "LONGEST", 0.3)


@pytest.fixture
def licence(pool):
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    return pool.licence


def test_an_event_arrives_once_and_signed(account, licence, receiver):
    hook = make_hook(account, receiver.address())
    rename(licence)

    tallies = [sending.deliver(), sending.deliver()]
    [(_path, headers, body)] = receiver.received
    told = Verifier(hooks.reveal(hook, by=TESTER)).verify(body, headers)

    assert tallies == [(1, 0, 0), (0, 0, 0)]
    assert (told["type"], told["data"]["account"]) == ("licence.renamed", account.pk)
    assert told["data"]["sentence"] == (
        "Operations (A test) renamed London planners to Planners 0."
    )
    assert headers["User-Agent"].endswith("Webhooks")


def test_a_webhook_is_told_of_what_it_wants_alone(account, licence, receiver):
    make_hook(account, receiver.address(), "key.revoked")
    make_hook(account, receiver.address("/huge"), "licence.renamed", "key.revoked")

    rename(licence)
    sending.deliver()

    assert receiver.counted == {"/huge": 1}


@pytest.mark.parametrize(
    ("path", "status", "trouble"),
    [
        ("/fails", 500, "failed"),
        ("/redirects", 302, "redirected"),
        ("/hangs", None, "too_slow"),
        ("/trickles", None, "too_slow"),
    ],
)
def test_what_does_not_arrive_is_tried_again(
    account, licence, receiver, hurry, path, status, trouble
):
    make_hook(account, receiver.address(path))
    rename(licence)

    tally = sending.deliver()
    tried = WebhookDelivery.objects.get()

    assert tally == (0, 0, 1)
    assert (tried.state, tried.status, tried.trouble) == (WAITING, status, trouble)
    assert tried.due_at - tried.tried_at >= outcomes.WAITS[0]
    assert receiver.counted == {path: 1}


def test_of_a_huge_answer_the_first_bytes_are_read(account, licence, receiver):
    make_hook(account, receiver.address("/huge"))
    rename(licence)

    sending.deliver()
    sent = WebhookDelivery.objects.get()

    assert (sent.state, len(sent.answer)) == (SENT, sending.MOST_KEPT)
    assert "\0" not in sent.answer


def test_a_receiver_that_comes_back_gets_everything_under_the_same_ids(account, licence, receiver):
    make_hook(account, receiver.address("/off"))
    rename(licence, times=3)
    first, second = sending.deliver(), deliver_later()
    receiver.is_back = True

    third = deliver_later()
    ids = [headers["webhook-id"] for _path, headers, _body in receiver.received]

    assert [first, second, third] == [(0, 0, 3), (0, 0, 3), (3, 0, 0)]
    assert len(ids) == 5  # while it failed it rested after each try
    assert len(set(ids[2:])) == 3
    assert set(ids[:2]) <= set(ids[2:])
    assert Webhook.objects.get().state == "active"


def test_after_three_days_of_tries_it_failed_for_good(account, licence, receiver):
    make_hook(account, receiver.address("/fails"))
    rename(licence)

    for _ in range(len(outcomes.WAITS)):
        deliver_later()
    before = WebhookDelivery.objects.get().state
    last = deliver_later()

    assert sum(outcomes.WAITS, dt.timedelta()) > dt.timedelta(days=3)
    assert (before, last) == (WAITING, (0, 1, 0))
    assert WebhookDelivery.objects.get().state == FAILED


@pytest.fixture
def people(account):
    return MembershipFactory(account=account, user__email="owner@brook.example")


@pytest.mark.parametrize(
    ("path", "failed_for", "because"),
    [("/gone", 0, OffBecause.GONE), ("/fails", 3, OffBecause.FAILING)],
)
@pytest.mark.usefixtures("people")
def test_what_is_of_no_use_is_turned_off_and_owners_are_told(
    account, licence, receiver, mailoutbox, path, failed_for, because
):
    make_hook(account, receiver.address(path))
    rename(licence, times=2)
    if failed_for:
        Webhook.objects.update(failing_since=ago(days=failed_for))

    sending.deliver()
    off = Webhook.objects.get()

    assert (off.off_because, off.state) == (because, "turned_off")
    assert receiver.counted == {path: 1}
    assert {row.state for row in off.deliveries.all()} == {DeliveryState.WITHDRAWN}
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["owner@brook.example"], f"Webhook turned off: 127.0.0.1:{receiver.server_port}")
    ]
    assert account.audit_entries.first().action == "webhook_turned_off"


def test_a_worker_that_dies_before_it_sends_loses_nothing(account, licence, receiver):
    make_hook(account, receiver.address())
    rename(licence, times=2)
    taken = sending.take()

    meanwhile = sending.deliver()
    Webhook.objects.update(taken_until=Now())
    afterwards = sending.deliver()

    assert len(taken) == 1
    assert meanwhile == (0, 0, 2)  # the webhook is the dead worker's for a while
    assert afterwards == (2, 0, 0)
    assert len({headers["webhook-id"] for _path, headers, _body in receiver.received}) == 2


def test_a_worker_that_dies_before_it_notes_repeats_that_message_alone(
    account, licence, receiver, monkeypatch
):
    make_hook(account, receiver.address())
    rename(licence, times=3)
    with monkeypatch.context() as dying:
        dying.setattr(sending, "note", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sending.deliver()

    Webhook.objects.update(taken_until=Now())
    sending.deliver()
    ids = [headers["webhook-id"] for _path, headers, _body in receiver.received]

    assert (len(ids), len(set(ids))) == (4, 3)
    assert ids[0] == ids[1]


@pytest.mark.slow
def test_five_that_hang_keep_nobody_waiting(account, licence, receiver, monkeypatch):
    """Not even where there is room for five: it is theirs for a moment, and then the others'.

    They are let go when the others have everything, long before their time is over.
    """
    monkeypatch.setattr(sending, "AT_ONCE", 5)
    monkeypatch.setattr(sending, "SLOW_AFTER", 0.05)
    receiver.lets_go_after = 12
    for path in ["/hangs"] * 5 + ["/ok"] * 3:
        make_hook(account, receiver.address(path))
    rename(licence, times=4)

    sending.deliver()
    hung = WebhookDelivery.objects.filter(webhook__address__endswith="/hangs", tries__gt=0)

    assert receiver.counted == {"/hangs": 5, "/ok": 12}
    assert {delivery.trouble for delivery in hung} == {"broken_off"}


def test_when_a_run_is_over_it_begins_nothing_with_those_that_fail(account, licence, receiver):
    """Each would take another ten seconds of it."""
    failing, well = (make_hook(account, receiver.address()) for _ in range(2))
    Webhook.objects.filter(pk=failing.pk).update(failing_since=ago(hours=1))
    rename(licence)

    taken = sending.take(2, only_well=True), sending.take(2)

    assert [[one.webhook for one in some] for some in taken] == [[well], [failing]]


def test_what_is_noted_together_is_each_as_it_went(account, licence, receiver):
    made = [make_hook(account, receiver.address()) for _ in range(3)]
    Webhook.objects.update(failing_since=ago(hours=1), failures=2)
    rename(licence, times=2)
    taken = sorted(sending.take(4), key=lambda one: one.webhook_id)
    deliveries.withdraw_all(made[2])
    ok, bad = ((204, ""), (500, "failed"))
    sending.note(
        [
            (one, outcomes.Outcome(status, trouble, f"{one.pk}", dt.timedelta()))
            for one, (status, trouble) in zip(taken, (ok, bad, ok), strict=True)
        ]
    )

    found = WebhookDelivery.objects.in_bulk([one.pk for one in taken]).values()
    after = Webhook.objects.in_bulk([hook.pk for hook in made])
    left = {one.webhook_id for one in sending.take(4)}

    assert [one.webhook_id for one in taken] == [hook.pk for hook in made]
    assert [(one.state, one.status, one.answer) for one in found] == [
        (SENT, 204, f"{taken[0].pk}"),
        (WAITING, 500, f"{taken[1].pk}"),
        (DeliveryState.WITHDRAWN, None, ""),
    ]
    assert [after[hook.pk].failures for hook in made] == [0, 3, 0]
    assert left == {made[0].pk}


def test_for_a_day_the_old_secret_signs_too(account, licence, receiver):
    hook = make_hook(account, receiver.address())
    old = hooks.reveal(hook, by=TESTER)
    hooks.rotate(hook, by=TESTER)
    hook.refresh_from_db()
    new = hooks.reveal(hook, by=TESTER)
    rename(licence)
    sending.deliver()
    Webhook.objects.update(old_secret_until=Now())
    rename(licence, times=2)
    sending.deliver()

    (_, headers, body), (_, later, later_body) = receiver.received[0], receiver.received[-1]
    assert old != new
    assert Verifier(old).verify(body, headers) == Verifier(new).verify(body, headers)
    assert len(later["webhook-signature"].split()) == 1
    assert Verifier(new).verify(later_body, later)


def looked_up(address):
    return lambda *_, **__: [(0, 0, 0, "", (address, 0))]


def test_a_name_that_means_an_internal_address_later_reaches_nothing(
    account, licence, receiver, settings, monkeypatch
):
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = False
    monkeypatch.setattr(socket, "getaddrinfo", looked_up("93.184.215.14"))
    make_hook(account, f"https://hooks.brook.example:{receiver.server_port}/ok")
    monkeypatch.setattr(socket, "getaddrinfo", looked_up("127.0.0.1"))
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("connected"))
    rename(licence)

    sending.deliver()

    assert WebhookDelivery.objects.get().trouble == "no_public_address"


def test_readers_of_aliases_and_webhooks_learn_no_names(account, licence, receiver, pool):
    privacy.show_aliases(account, shown=True, by=TESTER)
    make_hook(account, receiver.address(), "session.released")
    sessions.release(make_session(pool), by=TESTER, reason="anna has left")
    fan_out.tell()
    sending.deliver()
    [(_path, _headers, body)] = receiver.received
    told = json.loads(body)["data"]

    assert told["object_name"].startswith("Person ")
    assert (told["reason"], told["details"]) == ("", {})
