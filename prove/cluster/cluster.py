"""PostgreSQL on three machines: which is the primary, and whether all is well."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any, Self

import psycopg
from psycopg import sql

from config import databases
from devstack import processes
from devstack.errors import StackError
from prove.cluster.machine import Machine, place
from prove.cluster.network import Network

USER = DATABASE = "licensing"
SECONDS_TO_START = 120
STANDBYS = ("quorum_standby", "sync_standby")


class Cluster:
    """Three machines with PostgreSQL under Patroni, for as long as the context lasts."""

    def __init__(self, network: Network, home: Path) -> None:
        self.network = network
        self.password = secrets.token_urlsafe(24)
        self.superuser = {
            "PATRONI_SUPERUSER_USERNAME": "postgres",
            "PATRONI_SUPERUSER_PASSWORD": secrets.token_urlsafe(24),
            "PATRONI_REPLICATION_USERNAME": "replicator",
            "PATRONI_REPLICATION_PASSWORD": secrets.token_urlsafe(24),
        }
        places = [place(host) for host in network.hosts]
        self.machines = [
            Machine(here, places, home / here.host.name, self.superuser) for here in places
        ]

    def __enter__(self) -> Self:
        try:
            for machine in self.machines:
                machine.start()
            self.require_whole()
            self.make_database()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        for machine in self.machines:
            machine.kill()

    @property
    def hosts(self) -> str:
        """Each machine's PostgreSQL, as an address of a database names them."""
        return ",".join(one.here.at(one.here.postgres) for one in self.machines)

    @property
    def url(self) -> str:
        """Where the product finds whichever is the primary."""
        which = "target_session_attrs=read-write"
        return f"postgres://{USER}:{self.password}@{self.hosts}/{DATABASE}?{which}"

    def require_whole(self) -> None:
        """Wait until all is well for the first time; raise StackError when it is not."""
        if not processes.wait_until(self.is_whole, seconds=SECONDS_TO_START):
            logs = self.machines[0].folder.parent
            raise StackError(f"The cluster does not start; see the logs in {logs}.")

    def make_database(self) -> None:
        """Make the product's user and database."""
        password = self.superuser["PATRONI_SUPERUSER_PASSWORD"]
        address = f"postgres://postgres:{password}@{self.hosts}/postgres"
        with psycopg.connect(
            address, target_session_attrs="read-write", autocommit=True
        ) as connection:
            user, database = sql.Identifier(USER), sql.Identifier(DATABASE)
            make_user = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            connection.execute(make_user.format(user, self.password))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, user))
            for name, value in databases.session(statement_seconds=5).items():  # a pooler's
                words = sql.SQL("ALTER ROLE {} SET {} = {}")
                connection.execute(words.format(user, sql.Identifier(name), value))

    def is_whole(self) -> bool:
        """Whether there is one primary, and two standbys that have what it answers."""
        primary = self.find_primary()
        told = primary and primary.ask("/cluster")
        members = told["members"] if told else []
        return sorted(map(standing, members)) == ["leader", "standby", "standby"]

    def find_primary(self) -> Machine | None:
        """The machine that takes what is written; one that was cut off may believe so too."""
        told = {machine: machine.ask("/patroni") or {} for machine in self.machines}
        primaries = [machine for machine in told if told[machine].get("role") == "primary"]
        return max(primaries, key=lambda one: int(told[one].get("timeline", 0)), default=None)

    def primary(self) -> Machine:
        """The same; raise StackError when there is none."""
        if found := self.find_primary():
            return found
        raise StackError("The cluster has no primary.")

    def standby(self) -> Machine:
        """One of the others."""
        primary = self.primary()
        return next(machine for machine in self.machines if machine is not primary)


def standing(member: dict[str, Any]) -> str:
    """What a member is, if it is well."""
    if member["role"] == "leader" and member["state"] == "running":
        return "leader"
    is_well = member["role"] in STANDBYS and member["state"] == "streaming"
    return "standby" if is_well else "other"
