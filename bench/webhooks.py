"""How fast webhooks are told, and whether those that hang make the others late.

One process tells all receivers, once without and once with some that hang.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Max

from bench import estate, processor
from licensing import audit, licences
from licensing.licences import Order
from portal.models import Webhook, WebhookDelivery
from portal.telling import fan_out
from portal.webhooks import hooks, sending

RECEIVERS, HANGING = 45, 5
BENCH = audit.Actor("command", "", "make bench")
EVENTS = ["licence.renamed"]
PATIENCE = 10
"""Seconds for the receivers to listen."""


TURNS = 2
"""Alone and beside those that hang, so that an hour at which the machine is slow is both's."""


def measure(events: int) -> dict[str, float]:
    """Messages a second to those that answer, alone and beside those that hang.

    As many ``events`` in all, as in life each in an account of its own with a receiver of its own.
    """
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True  # the receivers are on this machine
    each = max(events // (RECEIVERS + HANGING) // TURNS, 1)
    figures: dict[str, float] = defaultdict(float)
    with receivers() as address:
        for turn in range(TURNS):
            for hanging, name in ((0, "alone"), (HANGING, "beside five that hang")):
                for figure, value in told(address, each, hanging, turn).items():
                    figures[f"webhooks: {figure}, {name}"] += value / TURNS
    return dict(figures)


def told(address: str, each: int, hanging: int, turn: int) -> dict[str, float]:
    """Have so much told to each: how quickly it was, and what it took of the processors."""
    well, hung = (
        [renamed(f"{path} {n} of {hanging}, {turn}", address + path, each) for n in range(number)]
        for path, number in (("/ok", RECEIVERS), ("/hangs", hanging))
    )
    messages, answered = each * len(well + hung), each * len(well)
    with spent() as on_handing_over:
        fan_out.tell()
    estate.vacuum()
    with spent() as on_posting:
        rate = arrived_a_second(well, answered)
    WebhookDelivery.objects.filter(webhook__in=hung).delete()
    return {
        "messages handed over a second": messages / on_handing_over["clock"],
        "ms of processors to hand one over": 1000 * on_handing_over["processors"] / messages,
        "messages a second to 45": rate,
        "ms of processors to post one": 1000 * on_posting["processors"] / answered,
    }


@contextlib.contextmanager
def spent() -> Iterator[dict[str, float]]:
    """Seconds of the clock, and of the processors in this process and PostgreSQL, meanwhile."""
    seconds: dict[str, float] = {}
    database = processor.postmaster()
    began_at, began = time.monotonic(), time.process_time() + processor.of_all(database)
    yield seconds
    ended = time.process_time() + processor.of_all(database)
    seconds |= {"clock": time.monotonic() - began_at, "processors": ended - began}


def arrived_a_second(well: list[Webhook], wanted: int) -> float:
    """Send until all that can arrive has, and see when the last of it did."""
    sent = WebhookDelivery.objects.filter(webhook__in=well, state="sent")
    began = time.time()
    while sent.count() < wanted:
        sending.deliver()
    last = sent.aggregate(last=Max("settled_at"))["last"]
    took: float = last.timestamp() - began
    return wanted / took


def renamed(account: str, address: str, times: int) -> Webhook:
    """A webhook of an account whose licence was renamed so often, of which it is not told yet."""
    key, _ = licences.issue(Order(account_name=account, name="Planners", seats=1), by=BENCH)
    hook = Webhook.objects.create(
        account=key.account,
        address=address,
        events=EVENTS,
        encrypted_secret=hooks.encrypted_new_secret(),
    )
    names = [(key.licence, {"before": f"Planners {number}"}) for number in range(times)]
    audit.record_all(names, "licence_renamed", by=BENCH)
    return hook


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
