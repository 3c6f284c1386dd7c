"""`python -m devstack demo` and `python -m devstack manage 'COMMAND ...'`."""

import argparse
import os
import signal
import sys
from types import FrameType

from devstack import command, demo, processes
from devstack.data_dir import DataDir
from devstack.errors import StackError


class Stopped(BaseException):
    """A signal asks us to stop; not an Exception, so that nothing holds it up."""


def main() -> int:
    """Do what the command line says; return the exit status."""
    arguments = parse(sys.argv[1:])
    stop_on_signals()
    try:
        data_dir = DataDir(processes.ROOT / (os.environ.get("DATA_DIR") or ".local"))
        if arguments.action == "manage":
            return command.run(data_dir, chosen_port(), arguments.line)
        if arguments.end_with_parent:
            processes.end_with_parent(os.getppid())
        demo.run(data_dir, chosen_port(), arguments.days)
    except Stopped:
        print("Stopped.", file=sys.stderr)
    except StackError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def parse(words: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m devstack", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    run = actions.add_parser("demo", help="run the whole product until Ctrl-C")
    run.add_argument("--end-with-parent", action="store_true", help="stop when our parent ends")
    run.add_argument("--days", default="90", help="how long the demo's history is (default 90)")
    manage = actions.add_parser("manage", help="run manage.py in the demo's environment")
    manage.add_argument("line", help="the command and its arguments, quoted as in a shell")
    return parser.parse_args(words)


def chosen_port() -> int:
    """The port that PORT names."""
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise StackError(f"PORT={text} is not a port number (1 to 65535).")
    return int(text)


def stop_on_signals() -> None:
    """Let Ctrl-C, `kill` and a closed terminal end the program in order."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
            continue  # started by nohup
        signal.signal(number, stop)


def stop(number: int, frame: FrameType | None) -> None:
    """Begin to stop; further signals must not interrupt that."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


if __name__ == "__main__":
    sys.exit(main())
