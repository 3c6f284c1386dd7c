"""``cloud-licence``: the client as a command. Exit codes: 0 open or done, 1 trouble, 3 denied."""

from __future__ import annotations

import argparse
import functools
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TextIO

from cloud_licence import machine, words
from cloud_licence import program as licence
from cloud_licence.desk import Program
from cloud_licence.program import Outcome
from cloud_licence.store import StoreBusy

if TYPE_CHECKING:
    import subprocess

DONE, TROUBLE, DENIED = 0, 1, 3
INTERRUPTED = 130
"""As shells say it of a command that Ctrl-C has ended."""
ENDED_BY_SIGNAL = 128
SECONDS_BETWEEN_LOOKS = 1.0
HELP = functools.partial(argparse.HelpFormatter, width=78)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for."""
    told = parser().parse_args(arguments)
    asked = Program(
        version=told.app_version,
        vendor=told.vendor,
        product=told.product,
        software=told.software,
        features=tuple(told.feature),
        optional_features=tuple(told.optional_feature),
        holder=told.pid or (os.getpid() if told.verb == "run" else os.getppid()),
    )
    try:
        return int(VERBS[told.verb](asked, told))
    except StoreBusy:
        print(say("kept.busy"), file=sys.stderr)
        return TROUBLE
    except KeyboardInterrupt:
        return INTERRUPTED


def say(name: str, **values: object) -> str:
    """The command's words of that name, in the user's language."""
    return words.say(machine.language(os.environ), name, **values)


class Parser(argparse.ArgumentParser):
    """A parser with help for 80 columns: asking the terminal for its own would take 4 ms at every
    start, also where nobody wants help."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=HELP, **settings)


def parser() -> Parser:
    """The command line."""
    made = Parser(prog="cloud-licence", description=__doc__)
    made.add_argument("--vendor", default="Elecosoft", help="whose policy is read")
    made.add_argument("--product", default="Powerproject", help="which product's policy is read")
    made.add_argument("--software", default="", help="the code of the product to ask for")
    made.add_argument("--app-version", default="16.0.00", help="the program's version")
    made.add_argument("--feature", action="append", default=[], help="a feature that is needed")
    made.add_argument(
        "--optional-feature",
        action="append",
        default=[],
        help="a feature that is asked for, but that the program can do without",
    )
    made.add_argument(
        "--go-without",
        action="store_true",
        help="open without optional features that are not to be had",
    )
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
    """Open; typed once more, it asks at once, however long the program would wait."""
    _, found = opened(asked, told, is_tried_again=True)
    show(found)
    return DONE if found.situation.is_open else DENIED


def opened(
    asked: Program, told: argparse.Namespace, *, is_tried_again: bool = False
) -> tuple[Program, Outcome]:
    """How the program opened, and as what it goes on: without features that are not to be had,
    if it may, and with the policy of its start."""
    found = licence.open_licence(asked, is_tried_again=is_tried_again)
    if found.can_do_without and told.go_without:
        asked = asked.without(found.can_do_without)
        found = licence.open_licence(asked)
    return replace(asked, policy=found.policy), found


def status(asked: Program, told: argparse.Namespace) -> int:
    """Say how things stand."""
    found = licence.look(asked)
    if not found.situation.is_open and not found.situation.code:
        print(say("command.not_open"))
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
    print(say("command.moved"))
    return DONE


def doctor(asked: Program, told: argparse.Namespace) -> int:
    """Print the report."""
    from cloud_licence.doctor import report  # what only the doctor needs is not loaded by others

    lines, is_well = report(asked)
    print("\n".join(lines))
    return DONE if is_well else TROUBLE


def enter(asked: Program, told: argparse.Namespace) -> int:
    """Ask for a key and keep it, as the service writes it; one that cannot be right is not kept."""
    from cloud_licence import keys, policy
    from cloud_licence.levels import OWN_ENTRY

    values = {}
    for value, name, understood in (
        ("SerialNumber", "serial_number", keys.serial_number),
        ("ProductKey", "product_key", keys.product_key),
    ):
        print(say(f"command.{name}"), end="", file=sys.stderr, flush=True)
        typed = understood(sys.stdin.readline())
        if typed is None:
            print(say(f"command.wrong_{name}"), file=sys.stderr)
            return TROUBLE
        values[value] = typed
    policy.write_own_entry(asked.vendor, asked.product, values)
    used = policy.read(asked.vendor, asked.product).sources.get("SerialNumber")
    if used != OWN_ENTRY:
        print(say("command.not_used"))
    return DONE


def run(asked: Program, told: argparse.Namespace) -> int:
    """Hold a seat while a program runs; return what it returns. It is never ended from here.

    However this ends, the seat goes back, or its close is kept for later.
    """
    running: list[subprocess.Popen[bytes]] = []
    pass_signals_on(running)
    held: Program | None = asked
    try:
        held, found = opened(asked, told)
        show(found, file=sys.stderr)
        if not found.situation.is_open:
            held = None
            return DENIED
        return run_with_seat(held, found, told.command, running)
    finally:
        if held:
            show_notices(licence.close(held))


def run_with_seat(
    asked: Program, found: Outcome, command: list[str], running: list[subprocess.Popen[bytes]]
) -> int:
    """Start the program and stay with it until it ends; return what it returns."""
    import subprocess  # once the seat is held: opening does not wait for it

    try:
        running.append(subprocess.Popen(command))
    except OSError as error:
        said = say("command.cannot_start", program=command[0], problem=error.strerror or error)
        print(said, file=sys.stderr)
        return TROUBLE
    try:
        return as_shells_say(accompany(running[0], asked, found))
    finally:
        running[0].wait()  # also when something went wrong here: it works with that seat


def as_shells_say(code: int) -> int:
    """What a program returned; for one that a signal ended as a shell tells it."""
    return ENDED_BY_SIGNAL - code if code < 0 else code


def pass_signals_on(running: list[subprocess.Popen[bytes]]) -> None:
    """Who ends us means the program. Before it runs, we end, and give back what we hold."""
    import signal

    def receive(number: int, _: object) -> None:
        if not running:
            sys.exit(ENDED_BY_SIGNAL + number)
        running[0].send_signal(number)

    for name in ("SIGTERM", "SIGHUP", "SIGQUIT"):
        if hasattr(signal, name):  # Windows has only the first
            signal.signal(getattr(signal, name), receive)


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
    now = replace(now, notices=now.notices or before.notices)
    if told_of(now) != told_of(before):
        show(now, file=sys.stderr)
    return now


def told_of(found: Outcome) -> tuple[object, ...]:
    """What the user has to hear of when it changes."""
    situation = found.situation
    return situation.state, situation.code, found.new_key_waits, found.notices


def show(found: Outcome, file: TextIO | None = None) -> None:
    """Print what the user has to know."""
    show_notices(found)
    print(found.message, file=file)
    if found.situation.code == licence.NO_KEY:
        print(say("command.enter"), file=file)
    if found.can_do_without:
        print(say("command.go_without"), file=file)
    if found.new_key_waits:
        print(say("key.waits"), file=file)


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
