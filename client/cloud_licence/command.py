"""``cloud-licence``: the client as a command. Exit codes: 0 open or done, 1 trouble, 3 denied."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from cloud_licence import program as licence
from cloud_licence.desk import Program
from cloud_licence.messages import message
from cloud_licence.program import Outcome
from cloud_licence.store import StoreBusy

if TYPE_CHECKING:
    import subprocess

DONE, TROUBLE, DENIED = 0, 1, 3
SECONDS_BETWEEN_LOOKS = 1.0
NEW_KEY_WAITS = "A new product key has been set. It takes effect the next time the program starts."


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for."""
    told = parser().parse_args(arguments)
    asked = Program(
        version=told.app_version,
        vendor=told.vendor,
        product=told.product,
        software=told.software,
        features=tuple(told.feature),
        holder=told.pid or (os.getpid() if told.verb == "run" else os.getppid()),
    )
    try:
        return int(VERBS[told.verb](asked, told))
    except StoreBusy:
        print("Another window of the program is busy with the licence. Try again.", file=sys.stderr)
        return TROUBLE


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="cloud-licence", description=__doc__)
    made.add_argument("--vendor", default="Elecosoft", help="whose policy is read")
    made.add_argument("--product", default="Powerproject", help="which product's policy is read")
    made.add_argument("--software", default="", help="the code of the product to ask for")
    made.add_argument("--app-version", default="16.0.00", help="the program's version")
    made.add_argument("--feature", action="append", default=[], help="a feature that is needed")
    made.add_argument("--pid", type=int, help="the process that holds the seat; default: caller")
    verbs = made.add_subparsers(dest="verb", required=True)
    for verb, description in (
        ("open", "take a seat, or share the one that is held"),
        ("status", "say how things stand; refreshes when it is time"),
        ("close", "give the seat back"),
        ("move", "Move Licence: unbind this device"),
        ("doctor", "check policy, proxy, certificates, clock and service"),
        ("enter", "type a serial number and product key of your own"),
    ):
        verbs.add_parser(verb, help=description, description=description)
    run = verbs.add_parser("run", help="hold a seat while a program runs")
    run.add_argument("command", nargs="+", metavar="PROGRAM", help="after --, with its arguments")
    return made


def open_it(asked: Program, told: argparse.Namespace) -> int:
    """Open."""
    found = licence.open_licence(asked)
    show(found)
    return DONE if found.situation.is_open else DENIED


def status(asked: Program, told: argparse.Namespace) -> int:
    """Say how things stand."""
    found = licence.look(asked)
    if not found.situation.is_open and not found.situation.code:
        print("The program is not open.")
        return DENIED
    show(found)
    return DONE if found.situation.is_open else DENIED


def close(asked: Program, told: argparse.Namespace) -> int:
    """Give the seat back."""
    found = licence.close(asked)
    show_notices(found)
    return DONE


def move(asked: Program, told: argparse.Namespace) -> int:
    """Unbind this device."""
    found = licence.move(asked)
    if found.situation.code:
        show(found)
        return DENIED
    show_notices(found)
    print("The licence can now be used on another device.")
    return DONE


def doctor(asked: Program, told: argparse.Namespace) -> int:
    """Print the report."""
    from cloud_licence.doctor import report  # what only the doctor needs is not loaded by others

    lines, is_well = report(asked)
    print("\n".join(lines))
    return DONE if is_well else TROUBLE


def enter(asked: Program, told: argparse.Namespace) -> int:
    """Ask for a key and keep it."""
    from cloud_licence import policy

    values = {}
    for name, prompt in (("SerialNumber", "Serial number: "), ("ProductKey", "Product key: ")):
        print(prompt, end="", file=sys.stderr, flush=True)
        values[name] = sys.stdin.readline().strip()
    policy.write_own_entry(asked.vendor, asked.product, values)
    used = policy.read(asked.vendor, asked.product).sources.get("SerialNumber")
    if used != policy.OWN_ENTRY:
        print("Kept, but your IT department has set another key or allows none of yours.")
    return DONE


def run(asked: Program, told: argparse.Namespace) -> int:
    """Hold a seat while a program runs; return what it returns. It is never ended from here."""
    found = licence.open_licence(asked)
    show(found, file=sys.stderr)
    if not found.situation.is_open:
        return DENIED
    asked = dataclasses.replace(asked, policy=found.policy)
    import signal
    import subprocess  # once the seat is held: opening does not wait for it

    try:
        child = subprocess.Popen(told.command)
    except OSError as error:
        licence.close(asked)
        print(f"{told.command[0]} cannot be started: {error}", file=sys.stderr)
        return TROUBLE
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())  # who ends us means the program
    try:
        return accompany(child, asked, found)
    finally:
        licence.close(asked)


def accompany(child: subprocess.Popen[bytes], asked: Program, found: Outcome) -> int:
    """Refresh until the program ends, and say what changes; return what the program returns."""
    from subprocess import TimeoutExpired

    while True:
        try:
            return child.wait(SECONDS_BETWEEN_LOOKS)
        except TimeoutExpired:
            found = look_again(asked, found)
        except KeyboardInterrupt:
            continue  # the program has had it too, and decides


def look_again(asked: Program, before: Outcome) -> Outcome:
    """How things stand now; shown if it is something else than before."""
    try:
        now = licence.look(asked)
    except StoreBusy:
        return before
    if told_of(now) != told_of(before) or now.notices:
        show(now, file=sys.stderr)
    return now


def told_of(found: Outcome) -> tuple[object, ...]:
    """What the user has to hear of when it changes."""
    situation = found.situation
    return situation.state, situation.code, found.new_key_waits


def show(found: Outcome, file: TextIO | None = None) -> None:
    """Print what the user has to know."""
    show_notices(found)
    print(message(found.situation, contact=found.policy.contact_text), file=file)
    if found.new_key_waits:
        print(NEW_KEY_WAITS, file=file)


def show_notices(found: Outcome) -> None:
    """Print what went wrong with the store."""
    for notice in found.notices:
        print(notice, file=sys.stderr)


VERBS = {
    "open": open_it,
    "status": status,
    "close": close,
    "move": move,
    "doctor": doctor,
    "enter": enter,
    "run": run,
}

if __name__ == "__main__":
    sys.exit(main())
