"""Two web servers on two of the machines, and the proxy in front of them, as shipped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from devstack import demo, ports, processes
from devstack.errors import StackError
from prove.cluster.network import Host
from prove.cluster.pooler import Pooler

PROXY = processes.ROOT / "docs" / "deploy" / "haproxy.cfg"
GRACE = 60
"""Seconds in which a web server is gone that was told to stop, and one that starts is there."""
ITS_OWN = {"LOG_LEVEL": "ERROR", "DRAIN_SECONDS": "5"}
"""Its log is a file; the proxy looks each second, and believes the second look."""


class WebServer:
    """The product on one machine, started by the line of docs/operations.md."""

    def __init__(self, host: Host, folder: Path, pooler: Pooler | None = None) -> None:
        self.name, self.host, self.pooler = host.name, host, pooler
        self.port = ports.free()
        self.log = folder / f"web-{host.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"{self.host.address}:{self.port}"

    def start(self, env: Mapping[str, str]) -> None:
        """Start it, for the first time or again, and the pooler beside it."""
        env = {**env, **ITS_OWN}
        if self.pooler:
            self.pooler.start()
            env |= self.pooler.env
        where = [f"--host={self.host.address}", f"--port={self.port}", "--workers=1"]
        with self.log.open("ab") as log:
            self.process = processes.spawn(
                [sys.executable, "-m", "config.command_line", "serve", *where],
                env=env, stdout=log, stderr=log, prepare=self.host.enter,
            )  # fmt: skip

    def begin_to_stop(self) -> None:
        """Ask it to end in order."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)

    @property
    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    @property
    def is_ready(self) -> bool:
        """Whether it says so itself."""
        return demo.readiness(self.port, self.host.address) == "200"

    def kill(self) -> None:
        """End it and what is beside it at once."""
        if self.process:
            processes.kill_group(self.process)
        if self.pooler:
            self.pooler.kill()


class Proxy:
    """HAProxy in front of the web servers, for as long as the context lasts."""

    def __init__(self, servers: Sequence[WebServer], port: int, folder: Path) -> None:
        self.servers, self.port = servers, port
        self.socket, self.log = folder / "haproxy.sock", folder / "haproxy.log"

    def __enter__(self) -> Self:
        addresses = {f"WEB_{one.name.upper()}": one.address for one in self.servers}
        env = {
            **os.environ,
            **addresses,
            "LISTEN": f"127.0.0.1:{self.port}",
            "WEB_HOST": "127.0.0.1",
            "STATS_SOCKET": str(self.socket),
        }
        with self.log.open("ab") as log:
            self.process = processes.spawn(
                ["haproxy", "-db", "-f", PROXY], env=env, stdout=log, stderr=log
            )
        if not processes.wait_until(lambda: ports.answers(self.port), seconds=10):
            self.__exit__()
            raise StackError(f"HAProxy does not start:\n{self.log.read_text()}")
        return self

    def __exit__(self, *exception: object) -> None:
        processes.stop(self.process)

    def is_up(self, server: WebServer) -> bool:
        """Whether a web server is ready, as the proxy sees it."""
        return self.column(server, "status").startswith("UP")

    def column(self, server: WebServer, name: str) -> str:
        """What the proxy counts of a web server."""
        heading, *lines = self.tell("show stat").splitlines()
        names = heading.removeprefix("# ").split(",")
        rows = [dict(zip(names, line.split(","), strict=False)) for line in lines]
        return next(row[name] for row in rows if row.get("svname") == server.name)

    def tell(self, command: str) -> str:
        """The proxy's answer to a command."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.socket))
            line.sendall(command.encode() + b"\n")
            return b"".join(iter(lambda: line.recv(65536), b"")).decode()
