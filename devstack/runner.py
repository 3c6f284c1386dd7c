"""Several processes that run together, print together and stop together."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from devstack import processes
from devstack.errors import StackError

GRACE = 10.0  # seconds to stop in order
SETTLED = 20.0  # seconds that a process has run when its end is no failure to start
BETWEEN_LOOKS = 0.2  # seconds: a process falls silent a moment before it has ended


class Runner:
    """Runs processes for as long as the context lasts and prints what they say, each named.

    Everything happens in ``forward``, without threads: a process forked beside threads may hang.
    """

    def __init__(self) -> None:
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.again: dict[str, Callable[[], None]] = {}  # starts a process that may be killed
        self.started_at: dict[str, float] = {}
        self.unfinished: dict[str, bytes] = {}  # the beginning of a line whose end is yet to come
        self.selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        env: Mapping[str, str],
        *,
        respawn: bool = False,
    ) -> None:
        """Start a process whose lines are printed behind its name.

        One to ``respawn`` is started again when a signal has ended it (``kill -9``, no memory) or
        when it gives up after a while, as Granian does when one worker is killed twice within
        5.5 s. One that ends soon after its start has something wrong with it, and that would go on.
        """
        if respawn:
            self.again[name] = lambda: self.start(name, command, env, respawn=True)
        process = processes.spawn(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.processes[name] = process
        self.started_at[name] = time.monotonic()
        self.unfinished[name] = b""
        assert process.stdout
        self.selector.register(process.stdout, selectors.EVENT_READ, name)

    def forward(self, *, seconds: float) -> None:
        """Print what the processes say within ``seconds``; raise StackError when one has ended."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and self._all_run():
            self._print_for(min(left, BETWEEN_LOOKS))
            self._start_the_killed_again()
        for name, process in self.processes.items():
            if self._has_ended(name):
                self._print_the_rest()
                raise StackError(f"{name} has ended ({ending(process.returncode)}).")

    def stop(self) -> None:
        """End all processes, and print what they say on the way."""
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while self._any_runs() and time.monotonic() < deadline:
            self._print_for(BETWEEN_LOOKS)
        for process in self.processes.values():
            processes.kill_group(process)
        self._print_the_rest()
        self.selector.close()

    def _all_run(self) -> bool:
        return not any(self._has_ended(name) for name in self.processes)

    def _has_ended(self, name: str) -> bool:
        """Whether a process has ended for good."""
        status = self.processes[name].poll()
        if status is None or name not in self.again:
            return status is not None
        has_run_for = time.monotonic() - self.started_at[name]
        return status >= 0 and has_run_for < SETTLED

    def _start_the_killed_again(self) -> None:
        for name, start in self.again.items():
            process = self.processes[name]
            if process.poll() is None or self._has_ended(name):
                continue
            processes.kill_group(process)  # what it had started must not work beside the new one
            self._print_the_rest()
            self._print(name, f"{ending(process.returncode)}: started again\n".encode())
            start()

    def _any_runs(self) -> bool:
        return any(process.poll() is None for process in self.processes.values())

    def _print_the_rest(self) -> None:
        while self._print_for(0):
            pass

    def _print_for(self, seconds: float) -> bool:
        """Wait at most ``seconds`` for something to print; return whether there was any."""
        if not self.selector.get_map():
            time.sleep(seconds)
        events = self.selector.select(seconds)
        for key, _ in events:
            assert isinstance(key.fd, int)
            text = os.read(key.fd, 65536)
            if text:
                self._print(key.data, text)
            else:
                self.selector.unregister(key.fileobj)
        return bool(events)

    def _print(self, name: str, text: bytes) -> None:
        *lines, self.unfinished[name] = (self.unfinished[name] + text).split(b"\n")
        with suppress(OSError):  # the terminal may be gone, which must not keep us from stopping
            for line in filter(None, lines):
                sys.stdout.write(f"{name:<6} | {line.decode(errors='replace')}\n")
            sys.stdout.flush()


def ending(code: int) -> str:
    """How a process ended, in words."""
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
