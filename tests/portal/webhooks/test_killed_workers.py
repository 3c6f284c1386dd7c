"""``kill -9`` of a real worker, wherever it stands: nothing is lost, one message comes twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter

import pytest
from django.db.models.functions import Now

from licensing import licences
from licensing.models import OutboxEvent
from portal.models import DeliveryState, Webhook, WebhookDelivery
from portal.webhooks import sending
from tests.devstack import shell
from tests.factories import TESTER, make_pool, make_webhook

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

EVENTS = 4
WORKER = """
import os, sys, time
import django
django.setup()
from portal.telling import fan_out
from portal.webhooks import sending

def stand_still(*_):
    print(os.getpid(), flush=True)
    time.sleep(60)

def work(moment):
    if moment == "handing over":  # its rows are written, but not committed
        fan_out.RECEIVERS["alerts"] = stand_still
    if moment == "taken":
        sending.post = stand_still
    if moment == "sent":
        sending.note = stand_still
    fan_out.tell()
    sending.deliver()

for moment in sys.stdin:
    if not os.fork():
        work(moment.strip())
        os._exit(0)
    print("killed by", os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
"""


@pytest.fixture
def worker(receiver):
    """A process that begins a worker's run, in a process of its own, for each moment it reads."""
    env = os.environ | {
        "DATABASE_URL": shell.tests_database(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SSO_ALLOWS_INTERNAL_PROVIDERS": "true",
    }
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    with subprocess.Popen([sys.executable, "-c", WORKER], env=env, **pipes) as process:
        yield process
        process.stdin.close()


def kill(worker, moment):
    """Have a worker at work until it stands there, and ``kill -9`` it; the next need not wait."""
    worker.stdin.write(f"{moment}\n")
    os.kill(int(worker.stdout.readline()), signal.SIGKILL)
    assert worker.stdout.readline() == f"killed by -{signal.SIGKILL}\n"
    Webhook.objects.update(taken_until=Now())


def test_a_killed_worker_loses_nothing_and_repeats_one_message(receiver, worker):
    licence = make_pool().licence
    make_webhook(licence.account, "licence.renamed", address=receiver.address())
    for number in range(EVENTS):
        licences.rename(licence, f"Planners {number}", by=TESTER)

    kill(worker, "handing over")
    undone = WebhookDelivery.objects.count(), OutboxEvent.objects.pending().count() > EVENTS
    kill(worker, "taken")
    handed_over = WebhookDelivery.objects.count(), OutboxEvent.objects.pending().count()
    before = len(receiver.received)
    kill(worker, "sent")
    first = [headers["webhook-id"] for _path, headers, _body in receiver.received]
    sending.deliver()
    ids = Counter(headers["webhook-id"] for _path, headers, _body in receiver.received)

    sent = WebhookDelivery.objects.filter(state=DeliveryState.SENT)
    assert (undone, handed_over) == ((0, True), (EVENTS, 0))
    assert (before, len(first)) == (0, 1)
    assert set(ids) == {f"msg_{one.hex}" for one in sent.values_list("message_id", flat=True)}
    assert ids == dict.fromkeys(ids, 1) | {first[0]: 2}
    assert len(ids) == EVENTS
