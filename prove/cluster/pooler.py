"""PgBouncer beside a web server, and what leads it to the primary, both as shipped."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from devstack import ports, processes
from devstack.pgbouncer import PgBouncer
from prove.cluster.cluster import DATABASE, USER, Cluster
from prove.cluster.network import Host

LEADS = processes.ROOT / "docs" / "deploy" / "haproxy-postgresql.cfg"
NUMBERS = ("ONE", "TWO", "THREE")


class Pooler:
    """PgBouncer and HAProxy on one machine."""

    def __init__(self, cluster: Cluster, host: Host, folder: Path) -> None:
        self.cluster, self.host = cluster, host
        self.folder = folder / f"pooler-{host.name}"
        self.primary = f"127.0.0.1:{ports.free()}"
        address = f"postgres://{USER}:{cluster.password}@{self.primary}/{DATABASE}"
        self.pgbouncer = PgBouncer(self.folder, address, enter=host.enter)
        self.haproxy: subprocess.Popen[bytes] | None = None

    @property
    def env(self) -> dict[str, str]:
        """What a web server beside it reads."""
        return {"DATABASE_URL": self.pgbouncer.url, "DATABASE_POOLED": "true"}

    def start(self) -> None:
        """Start both, unless they run."""
        if self.haproxy:
            return
        self.folder.mkdir(exist_ok=True)
        os.chown(self.folder, self.pgbouncer.disguise.owner, -1)
        with (self.folder / "haproxy.log").open("ab") as log:
            self.haproxy = processes.spawn(
                ["haproxy", "-db", "-f", LEADS], env={**os.environ, **self.places()},
                stdout=log, stderr=log, prepare=self.host.enter,
            )  # fmt: skip
        self.pgbouncer.start()

    def places(self) -> Mapping[str, str]:
        """Where PostgreSQL and Patroni are, for HAProxy."""
        found = {"POSTGRESQL_LISTEN": self.primary}
        for number, machine in zip(NUMBERS, self.cluster.machines, strict=True):
            found[f"POSTGRESQL_{number}"] = machine.here.at(machine.here.postgres)
            found[f"PATRONI_{number}"] = machine.here.at(machine.here.patroni)
        return found

    def kill(self) -> None:
        """End both at once."""
        self.pgbouncer.kill()
        if self.haproxy:
            processes.kill_group(self.haproxy)
        self.haproxy = None
