"""One machine of the cluster: PostgreSQL under Patroni, and etcd, run and broken together."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devstack import disguise, ports, postgres, processes
from prove.cluster.network import Host
from prove.faults import children, kill

PATRONI = processes.ROOT / ".tools" / "cluster" / "bin" / "python"
CONFIGURATION = processes.ROOT / "docs" / "deploy" / "patroni.yml"


@dataclass(frozen=True)
class Place:
    """Where a machine's servers listen."""

    host: Host
    postgres: int
    patroni: int
    agreement: int
    """What etcd's members, or Patroni's own, tell each other."""
    etcd: int

    def at(self, port: int) -> str:
        """An address of this machine."""
        return f"{self.host.address}:{port}"


def place(host: Host) -> Place:
    """Free ports for a machine: alone in its network or not, nobody else has them."""
    return Place(host, *(ports.free() for _ in range(4)))


class Machine:
    """Its servers, with their data in ``folder``."""

    def __init__(
        self, here: Place, all_places: Sequence[Place], folder: Path, secrets: dict[str, str]
    ) -> None:
        self.here, self.all_places = here, all_places
        self.folder, self.secrets = folder, secrets
        self.data = folder / "postgres"
        self.programs = postgres.programs()
        self.disguise = disguise.choose(self.programs / "postgres")
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def name(self) -> str:
        return self.here.host.name

    def start(self) -> None:
        """Switch it on, for the first time or after it was killed."""
        self.folder.mkdir(exist_ok=True)
        os.chown(self.folder, self.disguise.owner, -1)
        self.start_etcd()
        self.spawn("patroni", [PATRONI, "-m", "patroni", CONFIGURATION], self.patroni())

    def start_etcd(self) -> None:
        """Start the member of etcd alone, if there is etcd."""
        if has_etcd():
            self.spawn("etcd", ["etcd", *self.etcd()])

    def spawn(
        self, name: str, command: Sequence[str | Path], env: Mapping[str, str] | None = None
    ) -> None:
        """Start a server here, as somebody who is not root."""

        def prepare() -> None:
            self.here.host.enter()
            self.disguise.put_on()

        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = processes.spawn(
                command, env=env and {**os.environ, **env}, cwd=Path("/"),
                stdout=log, stderr=log, prepare=prepare,
            )  # fmt: skip

    def etcd(self) -> list[str]:
        """The options of its member of etcd."""
        here, folder = self.here, self.folder / "etcd"
        peers = [f"{one.host.name}=http://{one.at(one.agreement)}" for one in self.all_places]
        return [
            f"--name={here.host.name}",
            f"--data-dir={folder}",
            f"--listen-peer-urls=http://{here.at(here.agreement)}",
            f"--initial-advertise-peer-urls=http://{here.at(here.agreement)}",
            f"--listen-client-urls=http://{here.at(here.etcd)}",
            f"--advertise-client-urls=http://{here.at(here.etcd)}",
            f"--initial-cluster={','.join(peers)}",
            f"--initial-cluster-state={'existing' if folder.exists() else 'new'}",
            "--log-level=error",
        ]

    def patroni(self) -> dict[str, str]:
        """What differs between machines, for Patroni's environment."""
        here = self.here
        return self.secrets | self.agreement() | {
            "PATRONI_NAME": here.host.name,
            "PATRONI_LOG_LEVEL": "INFO",
            "PATRONI_RESTAPI_LISTEN": here.at(here.patroni),
            "PATRONI_RESTAPI_CONNECT_ADDRESS": here.at(here.patroni),
            "PATRONI_POSTGRESQL_LISTEN": here.at(here.postgres),
            "PATRONI_POSTGRESQL_CONNECT_ADDRESS": here.at(here.postgres),
            "PATRONI_POSTGRESQL_DATA_DIR": str(self.data),
            "PATRONI_POSTGRESQL_BIN_DIR": str(self.programs),
            "PATRONI_POSTGRESQL_PGPASS": str(self.folder / "pgpass"),
        }  # fmt: skip

    def agreement(self) -> dict[str, str]:
        """Where Patroni's members agree who is the primary: etcd, or themselves."""
        if has_etcd():
            every = [one.at(one.etcd) for one in self.all_places]
            return {"PATRONI_ETCD3_HOSTS": ",".join(f"'{address}'" for address in every)}
        others = [one.at(one.agreement) for one in self.all_places if one != self.here]
        return {
            "PATRONI_RAFT_SELF_ADDR": self.here.at(self.here.agreement),
            "PATRONI_RAFT_PARTNER_ADDRS": ",".join(f"'{address}'" for address in others),
            "PATRONI_RAFT_DATA_DIR": str(self.folder / "raft"),
        }

    def everything(self) -> list[int]:
        """Every process of the machine; PostgreSQL is in a session of its own."""
        found = [one.pid for one in self.running.values() if one.poll() is None]
        with suppress(OSError, ValueError, IndexError):
            server = int((self.data / "postmaster.pid").read_text().split()[0])
            if postgres.is_server(server, self.data):
                found += [server, *children(server)]
        return found

    def kill(self) -> None:
        """End all that runs here at once, as a power cut does."""
        for process in self.everything():
            kill(process)
        for one in self.running.values():
            processes.kill_group(one)

    def kill_etcd(self) -> None:
        """End the member of etcd alone, at once."""
        processes.kill_group(self.running["etcd"])

    def lose_disk(self) -> None:
        """End all at once, and nothing of PostgreSQL's is left when it starts again."""
        self.kill()
        shutil.rmtree(self.data)

    def signal(self, number: signal.Signals) -> None:
        """Have everything here stand still, or go on."""
        for process in self.everything():
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def ask(self, path: str) -> Any:
        """What Patroni here answers, as JSON; None when it does not."""
        connection = http.client.HTTPConnection(
            self.here.host.address, self.here.patroni, timeout=2
        )
        try:
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            connection.close()


def has_etcd() -> bool:
    """Whether this machine has etcd."""
    return shutil.which("etcd") is not None
