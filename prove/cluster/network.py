"""Three machines' networks, made of namespaces that are gone with the processes in them.

Without root they are three addresses of this machine's own, and nothing can be cut.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

NAMES = ("one", "two", "three")
OWN_NETWORK = Path("/proc/self/ns/net")
NOBODY = "02:00:00:00:00:fe"
"""The address of no network card: what is sent there is never heard of again."""


@dataclass(frozen=True)
class Host:
    """One machine: ``enter`` is called in a child to run there."""

    name: str
    address: str
    enter: Callable[[], None]


@dataclass(frozen=True)
class Network:
    """All machines; ``address`` is where they reach what runs on none of them.

    ``cannot_cut`` says why nothing can be cut between them; it is empty where that can be done.
    """

    hosts: Sequence[Host]
    address: str
    cannot_cut: str = ""

    def cut(self, half: Host) -> None:
        """Let no more pass between this machine and the other two; each still hears the world."""
        for host, other in self.across(half):
            inside(host, "neigh", "replace", other.address, *STRAYS)

    def mend(self, half: Host) -> None:
        """Let pass what ``cut`` held up."""
        for host, other in self.across(half):
            inside(host, "neigh", "del", other.address, "dev", "eth0")

    def across(self, half: Host) -> list[tuple[Host, Host]]:
        """The ways between this machine and the others, both directions."""
        others = [host for host in self.hosts if host != half]
        return [pair for other in others for pair in ((half, other), (other, half))]


STRAYS = ("lladdr", NOBODY, "dev", "eth0", "nud", "permanent")


def make() -> Network:
    """The machines' networks. As root this process moves to one of its own first."""
    if why := why_not_apart():
        hosts = [Host(name, f"127.0.0.{n}", stay) for n, name in enumerate(NAMES, 2)]
        return Network(hosts, "127.0.0.1", why)
    hosts = [add_host(n, name) for n, name in enumerate(NAMES, 2)]
    return Network(hosts, "10.77.0.1")


def why_not_apart() -> str:
    """Move this process to a network of its own; say why that cannot be done."""
    if os.geteuid() != 0:
        return "only root may make networks of its own (run it as root)"
    if not shutil.which("ip"):
        return "there is no `ip` on PATH (apt-get install iproute2)"
    try:
        os.unshare(os.CLONE_NEWNET)
        ip("link", "set", "lo", "up")
        ip("link", "add", "machines", "type", "bridge")
        ip("address", "add", "10.77.0.1/24", "dev", "machines")
        ip("link", "set", "machines", "up")
    except OSError as error:
        return f"this machine lets even root make no network of its own: {error.strerror}"
    except subprocess.CalledProcessError as error:
        return f"{' '.join(error.cmd)} failed: {error.stderr.decode().strip()}"
    return ""


def add_host(number: int, name: str) -> Host:
    """A machine with a card of its own, plugged in beside the others."""
    home, there = network_of_its_own()

    def enter() -> None:
        os.setns(there, os.CLONE_NEWNET)

    host = Host(name, f"10.77.0.{number}", enter)
    ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", open_file(there))
    ip("link", "set", name, "master", "machines", "up")
    inside(host, "link", "set", "lo", "up")
    inside(host, "address", "add", f"{host.address}/24", "dev", "eth0")
    inside(host, "link", "set", "eth0", "up")
    os.close(home)
    return host


def network_of_its_own() -> tuple[int, int]:
    """Open files of this process's network, and of a new one, which is there as long as its is."""
    home = os.open(OWN_NETWORK, os.O_RDONLY)
    os.unshare(os.CLONE_NEWNET)
    there = os.open(OWN_NETWORK, os.O_RDONLY)
    os.setns(home, os.CLONE_NEWNET)
    return home, there


def open_file(number: int) -> str:
    """Where other processes find a file that this one has open."""
    return f"/proc/{os.getpid()}/fd/{number}"


def ip(*words: str, enter: Callable[[], None] | None = None) -> None:
    """Change the network, of this process or of the machine that is entered."""
    subprocess.run(["ip", *words], check=True, capture_output=True, preexec_fn=enter)


def inside(host: Host, *words: str) -> None:
    """Change the network of a machine."""
    ip(*words, enter=host.enter)


def stay() -> None:
    """Run where one is."""
