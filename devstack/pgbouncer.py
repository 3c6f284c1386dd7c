"""A PgBouncer before a PostgreSQL, with the settings that are shipped, where it is on PATH."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

from devstack import disguise, ports, postgres, private_file, processes
from devstack.errors import StackError

SHIPPED = processes.ROOT / "docs" / "deploy" / "pgbouncer.ini"
OLDEST = (1, 21)


class PgBouncer:
    """A pooler on 127.0.0.1 for as long as the context lasts, its files in ``home``.

    ``address`` is the database's, of one host; ``settings`` are others than those shipped.
    ``enter`` is called in the child before it starts.
    """

    def __init__(
        self,
        home: Path,
        address: str,
        settings: Mapping[str, str] | None = None,
        *,
        enter: Callable[[], None] = lambda: None,
    ) -> None:
        self.home = home
        self.database: dict[str, Any] = conninfo_to_dict(address)
        self.port, self.enter = ports.free(), enter
        self.settings = settings or {}
        self.disguise = disguise.choose(postgres.programs() / "postgres")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where the database is through it."""
        told = self.database
        who = f"{told['user']}:{quote(told['password'], safe='')}"
        return f"postgres://{who}@127.0.0.1:{self.port}/{told['dbname']}"

    def __enter__(self) -> Self:
        self.start()
        if not processes.wait_until(lambda: ports.answers(self.port), seconds=10):
            self.kill()
            raise StackError(f"PgBouncer does not start; see {self.home / 'pgbouncer.log'}.")
        return self

    def __exit__(self, *exception: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start it, as somebody who is not root."""

        def prepare() -> None:
            self.enter()
            self.disguise.put_on()

        with (self.home / "pgbouncer.log").open("ab") as log:
            self.process = processes.spawn(
                ["pgbouncer", self.written()], cwd=Path("/"), stdout=log, stderr=log,
                prepare=prepare,
            )  # fmt: skip

    def kill(self) -> None:
        """End it at once."""
        if self.process:
            processes.kill_group(self.process)

    def written(self) -> Path:
        """The configuration that is shipped, with what is another here."""
        told, users = self.database, self.home / "userlist.txt"
        private_file.write(users, f'"{told["user"]}" "{told["password"]}"\n')
        own = {"listen_port": str(self.port), "auth_file": str(users), "unix_socket_dir": ""}
        lines = [
            f"%include {SHIPPED}",  # which ends in its settings; a second heading would reset them
            *(f"{name} = {value}" for name, value in (own | dict(self.settings)).items()),
            "[databases]",
            f"{told['dbname']} = host={told['host']} port={told['port']}",
        ]
        file = self.home / "pgbouncer.ini"
        private_file.write(file, "\n".join([*lines, ""]))
        for path in (users, file):
            os.chown(path, self.disguise.owner, -1)
        return file


def why_not() -> str:
    """Why there can be none here, in a sentence; empty when there can."""
    if not shutil.which("pgbouncer"):
        return "No PgBouncer: it is not on PATH."
    said = subprocess.run(["pgbouncer", "--version"], capture_output=True, text=True).stdout
    version = said.split()[1]
    if tuple(map(int, version.split(".")[:2])) < OLDEST:
        return f"No PgBouncer: {version} is too old, it has to be 1.21 or later."
    return ""
