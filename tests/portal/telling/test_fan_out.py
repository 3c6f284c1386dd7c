"""What happened is handed once to each who is told of it, in the order of each account."""

from __future__ import annotations

import sys
import threading

import pytest
from django.db import connection, transaction

from licensing import licences
from licensing.models import OutboxEvent
from portal.models import WebhookDelivery
from portal.telling import fan_out
from tests.factories import TESTER, AccountFactory, ago, make_pool, make_webhook


@pytest.fixture
def webhook(account, pool):
    hook = make_webhook(account)
    fan_out.tell()
    return hook


def rename(licence, times):
    for number in range(times):
        licences.rename(licence, f"Planners {number}", by=TESTER)


def test_events_are_handed_over_once_and_in_order(webhook, pool, monkeypatch):
    monkeypatch.setattr(fan_out, "BATCH", 2)
    before = webhook.deliveries.count()
    rename(pool.licence, times=5)

    told = [fan_out.tell(), fan_out.tell()]
    entries = list(webhook.deliveries.order_by("pk").values_list("entry__number", flat=True))

    assert [counted["webhooks"] for counted in told] == [5, 0]
    assert len(entries) == before + 5
    assert entries == sorted(entries)


def test_a_worker_that_dies_in_the_midst_has_told_nobody(webhook, pool, monkeypatch):
    """Whoever was told before the last receiver failed is told by the next worker, and once."""
    rename(pool.licence, times=3)
    before = WebhookDelivery.objects.count()
    with monkeypatch.context() as dying:
        dying.setitem(fan_out.RECEIVERS, "one more", lambda *_: sys.exit("killed"))
        with pytest.raises(SystemExit):
            fan_out.tell()
    left = WebhookDelivery.objects.count() - before

    told = fan_out.tell()

    assert (left, told["webhooks"]) == (0, 3)
    assert not OutboxEvent.objects.pending().exists()


def test_events_of_long_ago_are_forgotten(webhook, settings):
    OutboxEvent.objects.update(delivered_at=ago(days=11))
    assert fan_out.prune() == 0

    settings.KEEP_EVENTS_DAYS = 10

    assert fan_out.prune() > 0
    assert not OutboxEvent.objects.exists()


def in_a_thread(work):
    """What comes of it on a connection of its own."""
    outcome = []

    def run():
        try:
            outcome.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return outcome[0]


@pytest.mark.django_db(transaction=True)
def test_one_worker_at_a_time_tells_an_accounts_events():
    """Another is left the other accounts, and waits for nobody."""
    for name in ("Brook & Co", "Hill & Dale"):
        rename(make_pool(account=AccountFactory(name=name)).licence, times=2)

    with transaction.atomic():
        fan_out.tell_batch(set())
        others = in_a_thread(fan_out.tell)
        left = in_a_thread(
            lambda: OutboxEvent.objects.pending().values("account").distinct().count()
        )
        transaction.set_rollback(True)

    assert others is not None
    assert left == 1
    assert OutboxEvent.objects.pending().values("account").distinct().count() == 1
