"""Granian's main process, which lets whoever balances load know before it stops.

``python -m config.serving`` takes Granian's options. Told to stop (SIGTERM), its workers answer
/readyz with 503 for DRAIN_SECONDS, and everything else as before; only then does it stop. It starts
only where nobody listens yet: its workers share their port (SO_REUSEPORT), and would with anybody.
A worker has none of its modules: on a reload after an update it would have old ones beside new.
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from typing import Any

import click
from granian import cli
from granian.server import MPServer

from config import environment, logs
from config.values import make_folder

DRAIN = signal.SIGUSR1
"""What a worker is told with."""
LOOKS_EVERY = 0.1
PORTS = click.IntRange(0, 65535)
REFUSED = {
    errno.EADDRINUSE: "another process listens there. Stop it (`ss -ltnp` says which), or "
    "serve at another port: --port 8001.",
    errno.EADDRNOTAVAIL: "this machine has no such address. Name one of its own: --host 127.0.0.1.",
    errno.EACCES: "this user may not listen there. Take a port from 1024 on: --port 8000.",
}


class Draining(MPServer):
    """Stops DRAIN_SECONDS after it was told to, or at once when it is told again."""

    told_to_stop = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As Granian's, whose own lines are as LOG_FORMAT has them, if no file says otherwise."""
        kind = environment.read(os.environ)["LOG_FORMAT"]
        kwargs["log_dictconfig"] = kwargs.get("log_dictconfig") or logs.of_web_server(kind)
        super().__init__(*args, **kwargs)

    def startup(self, *args: Any, **kwargs: Any) -> None:
        """Start, unless the address is another's, or no worker could count; say so and leave."""
        found = environment.read(os.environ)
        if not self.bind_uds:
            require_free(self.bind_addr, self.bind_port)
            require_apart(self.bind_port, found["METRICS_ADDRESS"])
        if found["METRICS_ADDRESS"] or found["METRICS_TOKEN"]:
            make_folder("METRICS_FOLDER", found["METRICS_FOLDER"])  # or each worker ends
        super().startup(*args, **kwargs)  # type: ignore[no-untyped-call]

    def signal_handler_interrupt(self, number: int, *args: Any) -> None:
        """Note that it was told, not by Ctrl-C, which workers hear for themselves."""
        self.told_to_stop += number == signal.SIGTERM
        super().signal_handler_interrupt(number, *args)  # type: ignore[no-untyped-call]

    def shutdown(self, exit_code: int = 0) -> None:
        """Stop, once proxies had time to see it."""
        if self.told_to_stop:
            self.drain(environment.read(os.environ)["DRAIN_SECONDS"])
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]

    def drain(self, seconds: int) -> None:
        """Let workers tell, and wait."""
        for worker in self.wrks:
            with suppress(ProcessLookupError):
                os.kill(worker.inner.pid, DRAIN)
        until = time.monotonic() + seconds
        while self.told_to_stop == 1 and time.monotonic() < until:
            time.sleep(LOOKS_EVERY)


def require_free(host: str, port: int) -> None:
    """Leave with a sentence and exit code 1 where this process could not listen alone.

    What starts a new worker beside the old, on a reload, comes after this and shares as before.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # for ended connections
            tried.bind(address)
    except OSError as error:
        sys.exit(f"{host}:{port}: {REFUSED.get(error.errno or 0, error.strerror)}")


def require_apart(port: int, metrics: tuple[str, int] | None) -> None:
    """Leave with a sentence where METRICS_ADDRESS has the pages' port: each would get half of what
    is asked of the other."""
    if metrics and metrics[1] == port:
        sys.exit(f"METRICS_ADDRESS has the port of the pages, {port}: give it another.")


def main() -> None:
    """Serve until told to stop."""
    signal.signal(DRAIN, signal.SIG_IGN)  # a worker that only starts has nothing to tell
    multiprocessing.set_start_method("spawn")  # it reads the code that is there when it starts
    cli.Server = Draining  # type: ignore[attr-defined]
    [port] = [option for option in cli.cli.params if option.name == "port"]
    port.type = PORTS  # Granian takes any number, and falls over it
    cli.entrypoint()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
