"""A standby of the tests' own PostgreSQL: a copy that follows it, as another machine would."""

from __future__ import annotations

import os
import subprocess
from urllib.parse import urlsplit

from devstack import private_file
from devstack.errors import StackError
from devstack.postgres import Postgres


class Standby(Postgres):
    """Follows the tests' server for as long as the context lasts, read only."""

    def __init__(self, home):
        super().__init__(home, durable=False)
        self.socket_folder = None
        self.primary = os.environ["DATABASE_URL"]
        private_file.write(home / "postgres.password", urlsplit(self.primary).password)

    def _initialise(self, folder):
        command = [
            self.programs / "pg_basebackup", "--dbname", self.primary, "--pgdata", folder,
            "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync",
        ]  # fmt: skip
        made = subprocess.run(
            command, preexec_fn=self.disguise.put_on, capture_output=True, text=True, cwd="/"
        )
        if made.returncode:
            raise StackError(made.stderr)
