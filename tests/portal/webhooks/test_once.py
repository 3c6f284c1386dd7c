"""What ``manage.py deliver --once`` tries, and that it ends."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F

from licensing.models import OutboxEvent
from portal.models import WebhookDelivery
from portal.outbound import posting
from portal.webhooks import outcomes, sending
from tests.portal.webhooks.made import make_hook, rename


@pytest.fixture
def impatient(monkeypatch):
    """Whoever failed is to be tried again at once, for as long as a run lasts."""
    none = dt.timedelta()
    monkeypatch.setattr(outcomes, "LONGEST_REST", none)
    monkeypatch.setattr(outcomes, "WAITS", (none,) * 9)
    monkeypatch.setattr(posting, "LONGEST", 0.5)


@pytest.mark.usefixtures("impatient")
@pytest.mark.slow
def test_a_run_tries_each_receiver_until_it_fails_and_then_no_more(account, pool, receiver):
    """Else those that hang, out of step, keep one another's run going for two minutes."""
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    for path in ("/hangs", "/fails", "/ok"):
        make_hook(account, receiver.address(path))
    rename(pool.licence, times=3)
    WebhookDelivery.objects.update(due_at=F("created_at") + dt.timedelta(days=1))

    tally = sending.deliver(at_once=True)

    assert tally == (3, 0, 6)
    assert receiver.counted == {"/hangs": 1, "/fails": 1, "/ok": 3}
