"""``manage.py demo_traffic``: keeps the demo alive."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from support.demo.desktops.simulated_time import Clock
from support.demo.estate import traffic
from support.management.commands.fleet import address, number_between

A_YEAR = 525_600
SECONDS_TO_ASK_AGAIN = 1


class Command(BaseCommand):
    """Let the demo's desktops work, gently, until stopped."""

    help = "Let the demo's desktops open, refresh and close over HTTP, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.set_defaults(skip_checks=True)  # they read all pages, of which it shows none
        parser.add_argument("--against", type=address, default=settings.BASE_URL, metavar="URL")
        parser.add_argument("--minutes", type=number_between(0.01, A_YEAR), default=A_YEAR)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only a demo (DEMO=1) has desktops of its own.")
        logging.getLogger("httpx").setLevel(logging.WARNING)
        with contextlib.suppress(KeyboardInterrupt):
            wait_until_ready(options["against"])
            self.run(**options)

    def run(self, *, against: str, minutes: float, verbosity: int, **options: Any) -> None:
        """Begin with the sessions that there are now."""
        clock = Clock()
        desktops, keys = traffic.desktops_now(clock)
        connection.close()  # from here on everything goes over HTTP
        if not desktops:
            raise CommandError("There are no demo accounts; `manage.py demo` makes them.")
        if verbosity:
            self.stdout.write(f"{len(desktops)} simulated desktops keep the demo alive.")
        asyncio.run(traffic.flow(against, desktops, keys, clock, minutes * 60))


def wait_until_ready(url: str) -> None:
    """Wait for the product, however long it takes to start."""
    while True:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{url}/readyz", timeout=5, trust_env=False).is_success:
                return
        time.sleep(SECONDS_TO_ASK_AGAIN)
