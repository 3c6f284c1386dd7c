"""`make manage`: one management command inside the demo's environment."""

import os
import shlex
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from typing import NoReturn

from devstack import environment, processes
from devstack.data_dir import DataDir, InUse
from devstack.errors import StackError

PATIENCE = 120  # seconds for another command, or for a demo that is starting


def run(data_dir: DataDir, port: int, line: str) -> int:
    """Run ``manage.py`` with the arguments in ``line``, quoted as in a shell; return its status.

    Input, output and status are the command's own. It uses the servers of the demo that runs in
    the folder, or else has them started for itself.
    """
    words = split(line)
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with data_dir.claimed(f"make manage {line}"):
                return run_with_own_servers(data_dir, port, words)
        except InUse as in_use:
            if running := data_dir.published_by(in_use.pid):
                become(words, environment.for_child(running))
            if time.monotonic() > deadline:
                raise
        time.sleep(0.1)


def split(line: str) -> list[str]:
    """The words of ``line``; raise StackError when a quotation does not end."""
    try:
        return shlex.split(line)
    except ValueError as error:
        raise StackError(f"ARGS cannot be read: {error}.") from None


def become(words: Sequence[str], env: Mapping[str, str]) -> NoReturn:
    """Turn this process into the management command."""
    os.chdir(processes.ROOT)
    os.execve(sys.executable, [sys.executable, "manage.py", *words], env)


def run_with_own_servers(data_dir: DataDir, port: int, words: Sequence[str]) -> int:
    """Run the command on servers started for it."""
    with environment.servers(data_dir.path, environment.settings(data_dir, port)) as variables:
        command = processes.spawn(
            [sys.executable, "manage.py", *words],
            env=environment.for_child(variables),
            stdin=sys.stdin,
            own_session=False,
        )
        # Ctrl-C reaches the command by itself, and we stay until it has ended.
        signal.signal(signal.SIGINT, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda received, _: command.send_signal(received))
        status = command.wait()
    return 128 - status if status < 0 else status
