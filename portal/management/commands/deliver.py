"""``manage.py deliver``: tell what happened and send what waits, without a worker or a broker."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import CommandParser

from licensing.management.operator import OperatorCommand
from portal.alerts import incidents
from portal.alerts import sending as alerts
from portal.mail import deliveries
from portal.mail.deliveries import Tally
from portal.telling import fan_out, standing
from portal.webhooks import sending

LOOKS_EVERY = 10
"""Seconds."""


class Command(OperatorCommand):
    """Send the mails and messages to webhooks that wait, as a worker does."""

    help = (
        "Hand over what happened, send the mails and the messages to webhooks that wait, and go "
        "on as new ones come until it is stopped: the way out while the broker or the worker is "
        "away. Beside a worker it does no harm."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--once",
            action="store_true",
            help="try everything that waits once, at each receiver until it fails, then end",
        )

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        tally = deliver(at_once=True) if options["once"] else until_stopped()
        oldest = int(standing.oldest_waiting().total_seconds())

        words = f"Sent {tally.sent}, failed for good {tally.failed}, waiting {tally.waiting}."
        if oldest:
            words += f" The oldest that could be sent has waited for {oldest} s."
        return tally._asdict() | {"oldest_waiting_seconds": oldest}, words


def deliver(*, at_once: bool = False) -> Tally:
    """Tell what happened and is the case, then send mails and messages; return what was done."""
    fan_out.tell()
    incidents.look()
    alerts.send()
    mails, posts = deliveries.deliver(at_once=at_once), sending.deliver(at_once=at_once)
    return Tally(*(sum(pair) for pair in zip(mails, posts, strict=True)))


def until_stopped() -> Tally:
    """Look every ten seconds until SIGTERM or Ctrl-C; return what was done in all."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    total = Tally(0, 0, 0)
    while not stopped.is_set():
        run = deliver()
        total = Tally(total.sent + run.sent, total.failed + run.failed, run.waiting)
        stopped.wait(LOOKS_EVERY)
    return total
