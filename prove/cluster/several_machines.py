"""The product on three machines, as docs/operations.md sets it up."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from devstack import pgbouncer, processes
from devstack.data_dir import DataDir
from devstack.runner import Runner
from devstack.valkey import Valkey
from prove.cluster import network
from prove.cluster.cluster import Cluster
from prove.cluster.faults import ClusterFaults
from prove.cluster.network import Host
from prove.cluster.pooler import Pooler
from prove.cluster.web import Proxy, WebServer
from prove.history import Writer
from prove.one_machine import environment_of

BEHIND_A_PROXY = {"TRUSTED_PROXY_COUNT": "1", "METRICS_FOLDER": ""}


@dataclass
class SeveralMachines:
    """The product beside a cluster of PostgreSQL, two web servers behind a proxy.

    What is said during an outage, and that is much, goes to logs in ``folder``.
    """

    folder: Path
    env: Mapping[str, str]
    cluster: Cluster
    servers: Sequence[WebServer]
    proxy: Proxy
    stack: ExitStack

    @property
    def url(self) -> str:
        return self.cluster.url

    def start(self, runner: Runner) -> None:
        """Start the web servers, then what stands in front of them, worker and beat."""
        for server in self.servers:
            self.stack.callback(server.kill)
            server.start(self.env)
        self.stack.enter_context(self.proxy)
        self.start_process("worker")
        self.start_process("beat", f"--schedule={self.folder / 'celerybeat-schedule'}")

    def start_process(self, name: str, *words: str) -> None:
        """Start one of the product's processes on no machine that breaks."""
        command = [sys.executable, "-m", "config.command_line", name, *words]
        with (self.folder / f"{name}.log").open("ab") as log:
            process = processes.spawn(command, env=self.env, stdout=log, stderr=log)
        self.stack.callback(processes.stop, process)

    def faults(self, runner: Runner, history: Writer, seed: int) -> ClusterFaults:
        """What breaks it."""
        if self.no_pooler:
            print(self.no_pooler, flush=True)
        return ClusterFaults(runner, self.cluster, self.proxy, history, self.env, seed)

    @property
    def no_pooler(self) -> str:
        """Why there is none, if there is none."""
        return "" if self.servers[0].pooler else pgbouncer.why_not()


def web_server(cluster: Cluster, host: Host, folder: Path) -> WebServer:
    """A web server, which goes through a pooler where there can be one."""
    beside = None if pgbouncer.why_not() else Pooler(cluster, host, folder)
    return WebServer(host, folder, beside)


def why_not() -> str:
    """What is missing on this machine, in a sentence; empty when a cluster can be run."""
    if not shutil.which("haproxy"):
        return "The cluster needs HAProxy on PATH: on Debian, apt-get install haproxy."
    return ""


@contextmanager
def running(data_dir: DataDir, port: int) -> Iterator[SeveralMachines]:
    """Its machines with PostgreSQL, and its broker beside them."""
    subprocess.run(["sh", "scripts/cluster.sh"], cwd=processes.ROOT, check=True)
    net, folder = network.make(), data_dir.path
    with (
        Cluster(net, folder) as cluster,
        Valkey(folder, address=net.address) as valkey,
        ExitStack() as stack,
    ):
        env = environment_of(data_dir, port, cluster.url, valkey.url) | BEHIND_A_PROXY
        servers = [web_server(cluster, host, folder) for host in net.hosts[:2]]
        yield SeveralMachines(folder, env, cluster, servers, Proxy(servers, port, folder), stack)
