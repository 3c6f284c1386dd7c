"""What breaks a cluster while its clients work: machines, disks, network, etcd, web servers."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Mapping

from devstack.errors import StackError
from devstack.runner import Runner
from prove.cluster.cluster import Cluster
from prove.cluster.machine import Machine, has_etcd
from prove.cluster.web import GRACE, Proxy, WebServer
from prove.history import ROLLING, Fault, Writer

AWAY = 35.0
"""Seconds that a machine is away: longer than the others wait for it."""
SHORTLY = 15.0
"""Seconds that something is away that ought not to be missed."""
SECONDS_TO_BE_WHOLE = 180
ETCD, CUT_OFF = "etcd killed", "primary cut off from the other half"

Act = Callable[[], None]


class ClusterFaults:
    """Breaks one part of a cluster after the other, and waits until it is whole again."""

    def __init__(
        self,
        runner: Runner,
        cluster: Cluster,
        proxy: Proxy,
        history: Writer,
        env: Mapping[str, str],
        seed: int,
    ) -> None:
        self.runner, self.cluster, self.proxy = runner, cluster, proxy
        self.history, self.env = history, env
        self.chance = random.Random(seed)
        self.left: list[tuple[str, Act]] = []

    def kinds(self) -> dict[str, Act]:
        """Every fault that can be had on this machine."""
        kinds: dict[str, Act] = {
            "primary killed": self.kill_primary,
            "primary's disk gone": self.lose_primary,
            "standby paused": self.pause_standby,
            ROLLING: self.restart_web_servers,
        }
        if has_etcd():
            kinds[ETCD] = self.kill_etcd
        if not self.cluster.network.cannot_cut:
            kinds[CUT_OFF] = self.cut_primary
        return kinds

    def without(self) -> dict[str, str]:
        """What is not broken here, and why."""
        told = {}
        if cannot_cut := self.cluster.network.cannot_cut:
            told[CUT_OFF] = cannot_cut
        if not has_etcd():
            told[ETCD] = "it is not on PATH, and Patroni does without (Raft)"
        return told

    def inject(self) -> None:
        """Break the next part; every kind has its turn before one comes again."""
        if not self.left:
            self.left = [*self.kinds().items()]
            self.chance.shuffle(self.left)
        what, fault = self.left.pop()
        began = time.time()
        print(f"{time.strftime('%H:%M:%S')} {what}", flush=True)
        fault()
        self.history.write(Fault(what, began, time.time()))
        self.wait_for(
            self.is_whole, SECONDS_TO_BE_WHOLE, "The cluster does not become whole again."
        )

    def is_whole(self) -> bool:
        """Whether nothing is amiss with databases and web servers."""
        return self.cluster.is_whole() and all(map(self.proxy.is_up, self.proxy.servers))

    def kill_primary(self) -> None:
        """The machine with the primary loses its power, and has it again later."""
        primary = self.cluster.primary()
        self.power_off(primary, primary.kill)

    def lose_primary(self) -> None:
        """The same, and it comes back with an empty disk."""
        primary = self.cluster.primary()
        self.power_off(primary, primary.lose_disk)

    def power_off(self, machine: Machine, how: Act) -> None:
        """A machine ends, with the web server on it, and is switched on again later."""
        web = [one for one in self.proxy.servers if one.host == machine.here.host]
        for server in web:
            server.kill()
        how()
        self.go_on(AWAY)
        machine.start()
        for server in web:
            server.start(self.env)

    def cut_primary(self) -> None:
        """The primary hears no more of the other two, nor they of it; everybody hears all three."""
        host = self.cluster.primary().here.host
        self.cluster.network.cut(host)
        self.go_on(AWAY)
        self.cluster.network.mend(host)

    def pause_standby(self) -> None:
        """A standby's machine stands still for a while."""
        standby = self.cluster.standby()
        standby.signal(signal.SIGSTOP)
        self.go_on(SHORTLY)
        standby.signal(signal.SIGCONT)

    def kill_etcd(self) -> None:
        """Every member of etcd ends at once, and starts again a while later."""
        for machine in self.cluster.machines:
            machine.kill_etcd()
        self.go_on(SHORTLY)
        for machine in self.cluster.machines:
            machine.start_etcd()

    def restart_web_servers(self) -> None:
        """Every web server is told to stop and started again, one after the other."""
        for server in self.proxy.servers:
            self.restart(server)

    def restart(self, server: WebServer) -> None:
        """Replace one, and let the other answer meanwhile."""
        server.begin_to_stop()
        self.wait_for(lambda: server.has_ended, GRACE, "A web server does not end.")
        server.start(self.env)
        self.wait_for(lambda: server.is_ready, GRACE, "A web server is not ready again.")
        self.wait_for(lambda: self.proxy.is_up(server), GRACE, "The proxy does not see it.")

    def wait_for(self, condition: Callable[[], bool], seconds: float, otherwise: str) -> None:
        """Go on until this has come about; raise StackError when it does not."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise StackError(otherwise)
            self.go_on(0.2)

    def go_on(self, seconds: float) -> None:
        """Let time pass, and what runs say what it has to say."""
        self.runner.forward(seconds=seconds)
