"""What opening a program costs its user: ``cloud-licence open`` beyond the service's answer.

``make bench`` measures it too; alone, against a running product, with the product key typed to it:
``.venv/bin/python -m bench.desktop URL SERIAL``.
"""

from __future__ import annotations

import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

WARM_UP = 2
POLICY = "etc/elecosoft/powerproject/licensing.policy"
PLACES = {
    "CLOUD_LICENCE_ETC": "etc",
    "XDG_STATE_HOME": "state",
    "XDG_CONFIG_HOME": "config",
    "PYTHONPYCACHEPREFIX": "bytecode",
}
BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}
"""A client that is installed has its bytecode, whatever the one who measures has switched off."""


@dataclass(slots=True)
class Relay:
    """Passes requests on to the service and adds up the seconds until it had answered."""

    service: tuple[str, int]
    seconds: float = 0.0
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    def listen(self) -> None:
        """Serve one connection after the other, until the listener is closed."""
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                with connection:
                    self.pass_on(connection)

    def pass_on(self, connection: socket.socket) -> None:
        """Carry one small request to the service and the answer back."""
        request = whole(connection)
        started = time.perf_counter()
        with socket.create_connection(self.service) as service:
            service.sendall(request)
            answer = whole(service)
        self.seconds += time.perf_counter() - started
        connection.sendall(answer)


def whole(connection: socket.socket) -> bytes:
    """One message of HTTP, as long as its head says."""
    message = b""
    while part := connection.recv(64 * 1024):
        message += part
        head, is_complete, body = message.partition(b"\r\n\r\n")
        if is_complete and len(body) >= length_of(head):
            break
    return message


def length_of(head: bytes) -> int:
    """How long the body is."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


@contextlib.contextmanager
def relay_to(url: str) -> Iterator[Relay]:
    """A relay that listens."""
    address = urlsplit(url)
    made = Relay((str(address.hostname), address.port or 80))
    threading.Thread(target=made.listen, daemon=True).start()
    with made.listener:
        yield made


def measure(url: str, serial_number: str, product_key: str, *, times: int = 20) -> dict[str, float]:
    """The medians, in ms, of a program that opens on a computer where it ran before."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, relay_to(url) as relay:
        relayed = f"http://127.0.0.1:{relay.listener.getsockname()[1]}"
        values = {
            "SerialNumber": serial_number,
            "ProductKey": product_key,
            "ServiceUrl": relayed,
        }
        policy = Path(folder) / POLICY
        policy.parent.mkdir(parents=True)
        policy.write_text("".join(f"{name} = {value}\n" for name, value in values.items()))
        runs = [one(Path(folder), relay) for _ in range(WARM_UP + times)][WARM_UP:]
    names = ("open, in all", "open, the service's part", "open, its own", "open, its own processor")
    columns = zip(*runs, strict=True)
    return {
        f"{name} ms": 1000 * statistics.median(column)
        for name, column in zip(names, columns, strict=True)
    }


def one(folder: Path, relay: Relay) -> tuple[float, float, float, float]:
    """Seconds in all, of the service, without it, and of the processor, of one ``open``."""
    relay.seconds = 0.0
    started = time.perf_counter()
    processor = run(folder, "open")
    taken, served = time.perf_counter() - started, relay.seconds
    run(folder, "close")
    return taken, served, taken - served, processor


def run(folder: Path, verb: str) -> float:
    """Run the client; return the seconds of processor time that it took."""
    settings = {name: str(folder / place) for name, place in PLACES.items()} | BYTECODE
    command = [sys.executable, "-m", "cloud_licence", verb]
    process = subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{verb} ended with {process.returncode}"
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    for name, value in measure(sys.argv[1], sys.argv[2], sys.stdin.readline().strip()).items():
        print(f"{name:<48}{value:>24,.1f}")
