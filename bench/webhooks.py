"""How fast webhooks are told, and whether those that hang make the others late.

One worker tells all receivers of an account, once without and once with some that hang.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Max

from bench import estate
from licensing import audit, licences
from licensing.licences import Order
from licensing.models import Licence
from portal.models import Webhook, WebhookDelivery
from portal.telling import fan_out
from portal.webhooks import hooks, sending

RECEIVERS, HANGING = 45, 5
BENCH = audit.Actor("command", "", "make bench")
EVENTS = ["licence.renamed"]
PATIENCE = 10
"""Seconds for the receivers to listen."""


def measure(events: int) -> dict[str, float]:
    """Messages a second to those that answer, alone and beside those that hang."""
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True  # the receivers are on this machine
    with receivers() as address:
        alone, handed_over = told(address, events, hanging=0)
        beside, _ = told(address, events, hanging=HANGING)
    return {
        "webhooks: messages handed over a second": handed_over,
        "webhooks: messages a second to 45": alone,
        "webhooks: the same beside five that hang": beside,
    }


def told(address: str, events: int, *, hanging: int) -> tuple[float, float]:
    """Have so much told: messages that arrived, and that were handed over, a second."""
    licence = with_receivers(address, hanging)
    for number in range(events):
        licences.rename(licence, f"Planners {number}", by=BENCH)
    began = time.monotonic()
    fan_out.tell()
    handed_over = events * (RECEIVERS + hanging) / (time.monotonic() - began)
    estate.vacuum()
    return arrived_a_second(licence, events * RECEIVERS), handed_over


def arrived_a_second(licence: Licence, wanted: int) -> float:
    """Send until all that can arrive has, and see when the last of it did."""
    sent = WebhookDelivery.objects.filter(webhook__account=licence.account, state="sent")
    began = time.time()
    while sent.count() < wanted:
        sending.deliver()
    last = sent.aggregate(last=Max("settled_at"))["last"]
    took: float = last.timestamp() - began
    return wanted / took


def with_receivers(address: str, hanging: int) -> Licence:
    """A licence of an account that has as many webhooks; nothing else waits to be told."""
    key, _ = licences.issue(
        Order(account_name=f"Told, {hanging} hang", name="Planners", seats=1), by=BENCH
    )
    for path in ["/ok"] * RECEIVERS + ["/hangs"] * hanging:
        Webhook.objects.create(
            account=key.account,
            address=address + path,
            events=EVENTS,
            encrypted_secret=hooks.encrypted_new_secret(),
        )
    fan_out.tell()
    return key.licence


@contextlib.contextmanager
def receivers() -> Iterator[str]:
    """Where they listen."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "bench.receivers", str(port)])
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    """Until they listen."""
    ends_at = time.monotonic() + PATIENCE
    while time.monotonic() < ends_at:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError("The receivers of the bench do not listen.")
