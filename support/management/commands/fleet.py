"""``manage.py fleet``: simulated desktops against a running product."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import tempfile
import time
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from licensing import invariants
from support.demo.fleet import comparison, computers, cpp_trial, records, targets, trial
from support.demo.fleet.targets import Target

EVERY = 10
"""Seconds between two lines where they cannot be written over each other."""

HELD = "Every invariant held, by its answers."
AGREED = (
    "Every invariant held, by its answers and in the database. "
    "Clients and server agree on every outcome."
)
SEATS_AGREED = "Every invariant held in the database. Programs and server agree on every seat."

DEFAULTS = {"desktops": 200, "day": 120.0}
LICENCE = ("serial_number", "product_key", "seats")
"""What only simulated desktops have, and are given."""


def number_between(least: float, most: float) -> Callable[[str], float]:
    """A number in this range."""

    def parse(argument: str) -> float:
        try:
            number = float(argument)
        except ValueError:
            raise ArgumentTypeError(f"{argument!r} is not a number.") from None
        if not least <= number <= most:
            raise ArgumentTypeError(f"{argument} is not between {least:g} and {most:g}.")
        return number

    return parse


def count_up_to(most: int) -> Callable[[str], int]:
    """A whole number from 1 on."""

    def parse(argument: str) -> int:
        if not (argument.isascii() and argument.isdigit() and 1 <= int(argument) <= most):
            raise ArgumentTypeError(f"{argument!r} is not a whole number from 1 to {most:,}.")
        return int(argument)

    return parse


def address(argument: str) -> str:
    """The address of a product."""
    parts = urlsplit(argument)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ArgumentTypeError(f"{argument!r} is no address; write http://127.0.0.1:8000.")
    return argument.rstrip("/")


class Command(BaseCommand):
    """Drive a product with simulated desktops; fail if it broke a promise."""

    help = (
        "Let simulated desktops use a running product for some minutes, in which days go by, "
        "and fail if it broke an invariant. Without --serial-number they use licences of their "
        "own, issued and administered in this environment's database, whose records must agree "
        "with what the desktops were told."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--desktops", type=count_up_to(5000), metavar="N", help="default 200")
        parser.add_argument(
            "--cpp", type=count_up_to(500), metavar="N",
            help="in place of simulated desktops N programs over the library for C++, processes "
            "that are killed, started again and cut off the network; it needs a compiler",
        )  # fmt: skip
        parser.add_argument("--minutes", type=number_between(0.02, 1440), default=5.0, metavar="M")
        parser.add_argument(
            "--against", type=address, default=settings.BASE_URL, metavar="URL",
            help="the product (default: BASE_URL)",
        )  # fmt: skip
        parser.add_argument(
            "--day", type=number_between(10, 43200), metavar="SECONDS",
            help="how long a working day of twelve hours takes (default 120)",
        )  # fmt: skip
        parser.add_argument(
            "--serial-number", help="use this concurrent licence, which nobody else uses now"
        )
        parser.add_argument("--product-key", help="its product key")
        parser.add_argument("--seats", type=count_up_to(100_000), help="its user limit")

    def handle(self, *args: Any, **options: Any) -> None:
        logging.getLogger("httpx").setLevel(logging.WARNING)
        require_product(options["against"])
        if options["cpp"]:
            self.require_nothing_simulated(options)
            self.try_cpp(options)
        else:
            self.try_simulated(
                options | {name: options[name] or value for name, value in DEFAULTS.items()}
            )

    def try_simulated(self, options: dict[str, Any]) -> None:
        """Let simulated desktops live, and judge."""
        url, speed = options["against"], targets.WORKING_DAY / options["day"]
        is_own = options["serial_number"] is None
        wanted = self.wanted(options, speed)

        run = trial.prepare(url, wanted, speed=speed, administered=is_own)
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C: what was seen so far still counts
            asyncio.run(run.live(options["minutes"] * 60, self.show_line()))

        self.stdout.write("\n\n" + run.report.tables() + "\n\n")
        complaints = run.complaints()
        if is_own:
            complaints += [*self.compare(run, wanted), *invariants.broken()]
        self.judge(complaints, AGREED if is_own else HELD)

    def require_nothing_simulated(self, options: dict[str, Any]) -> None:
        """Raise CommandError where something is asked for that programs in C++ have not."""
        if others := [
            f"--{name.replace('_', '-')}" for name in (*DEFAULTS, *LICENCE) if options[name]
        ]:
            raise CommandError(
                "--cpp is a trial of its own, with its own licence and in real time, without "
                f"{' and '.join(others)}. Run them one after the other."
            )

    def try_cpp(self, options: dict[str, Any]) -> None:
        """Let programs in C++ live, and judge."""
        with tempfile.TemporaryDirectory() as folder:
            try:
                program = computers.program_in(Path(folder))
            except computers.CannotBuild as why:
                raise CommandError(f"No desktop in C++ can be made here. {why}") from None
            cpp = cpp_trial.prepare(options["cpp"], options["against"], program, Path(folder))
            with contextlib.suppress(KeyboardInterrupt):
                asyncio.run(cpp.live(options["minutes"] * 60, self.show_line()))
        self.stdout.write("\n\n" + cpp.tables() + "\n\n")
        self.judge([*cpp.wrong, *invariants.broken()], SEATS_AGREED)

    def compare(self, run: trial.Run, wanted: list[Target]) -> list[str]:
        """Show each outcome as both sides count it; a sentence for each disagreement."""
        compared = comparison.lines(run.ledger, records.of(wanted))
        self.stdout.write(comparison.as_table(compared) + "\n\n")
        return comparison.complaints(compared)

    def wanted(self, options: dict[str, Any], speed: float) -> list[Target]:
        """The licences to use; raise CommandError when one is told by halves."""
        serial, key, seats = (options[name] for name in LICENCE)
        if not any((serial, key, seats)):
            account = trial.account_name(timezone.now())
            return targets.issue(account, options["desktops"], speed=speed)
        if not all((serial, key, seats)):
            raise CommandError("--serial-number, --product-key and --seats are given together.")
        return [targets.given(serial, key, seats, options["desktops"])]

    def show_line(self) -> Callable[[str], None]:
        """Writes a line over the one before it, or each ten seconds where that cannot be."""
        if self.stdout.isatty():
            return lambda line: self.stdout.write(f"\r\x1b[K{line}", ending="")
        last = time.monotonic()

        def show(line: str) -> None:
            nonlocal last
            if time.monotonic() - last >= EVERY:
                last = time.monotonic()
                self.stdout.write(line)
                sys.stdout.flush()

        return show

    def judge(self, complaints: list[str], all_is_well: str) -> None:
        """Say that all is well; raise CommandError with what is not."""
        if complaints:
            raise CommandError("Broken:\n" + "\n".join(f"- {each}" for each in complaints))
        self.stdout.write(all_is_well)


def require_product(url: str) -> None:
    """Raise CommandError unless the product answers at this address."""
    try:
        response = httpx.get(f"{url}/healthz", timeout=5, trust_env=False)
    except httpx.TransportError as error:
        raise CommandError(
            f"Nothing answers at {url} ({error}). Start the product with `make demo` first, or "
            "say with --against where it is."
        ) from None
    if not response.is_success:
        raise CommandError(
            f"What answers at {url} is not this product: /healthz gave {response.status_code}."
        )
