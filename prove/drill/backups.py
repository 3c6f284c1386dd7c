"""The two documented ways to back PostgreSQL up, by the files that are shipped for them."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Protocol

from devstack.errors import StackError
from devstack.postgres import USER, Postgres
from devstack.processes import ROOT

SHIPPED = ROOT / "docs" / "deploy"
SETTING = re.compile(r"^(\w[\w.]*) = '(.*)'", re.MULTILINE)
UNKNOWN_VERSION = "unexpected control version"
OFTEN = {"archive_mode": "on", "archive_timeout": "1"}
"""A drill does not wait a minute for a segment that is not full."""


class NotHere(StackError):
    """Backups cannot be made in this way on this machine."""


class Backups(Protocol):
    """A way to make backups of a cluster, and to have it as it was at a moment."""

    options: dict[str, str]

    def __init__(self, folder: Path) -> None:
        """Keep everything in ``folder``, away from the cluster."""

    def prepare(self, postgres: Postgres) -> None:
        """Make ready, once; raise NotHere where it cannot be done."""

    def back_up(self, postgres: Postgres) -> None:
        """Copy the cluster while it is at work."""

    def restore(self, postgres: Postgres, moment: dt.datetime) -> None:
        """Lay the cluster down where it was, so that it starts as it was at this moment."""


class Basebackup:
    """``pg_basebackup``, with the log archived by PostgreSQL's own ``basic_archive``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "backups"
        shipped = (SHIPPED / "postgresql-archive.conf").read_text()
        placed = shipped.replace("/srv/backup/licensing", str(self.folder))
        self.options = dict(SETTING.findall(placed)) | OFTEN

    def prepare(self, postgres: Postgres) -> None:
        """Make the archive's folder, which PostgreSQL writes to."""
        for made in (self.folder, self.folder / "log"):
            made.mkdir()
            os.chown(made, postgres.disguise.owner, -1)

    def back_up(self, postgres: Postgres) -> None:
        """Copy, and look whether the copy is whole."""
        base = self.folder / "base"
        words = [f"--pgdata={base}", "--checkpoint=fast", f"--dbname={postgres.url}"]
        run(postgres, postgres.programs / "pg_basebackup", *words)
        run(postgres, postgres.programs / "pg_verifybackup", base)

    def restore(self, postgres: Postgres, moment: dt.datetime) -> None:
        """Copy it back, and have PostgreSQL read the log up to the moment."""
        run(postgres, "cp", "-a", self.folder / "base", postgres.cluster)
        with (postgres.cluster / "postgresql.auto.conf").open("a") as settings:
            settings.write(
                f"restore_command = 'cp {self.folder}/log/%f \"%p\"'\n"
                f"recovery_target_time = '{moment.isoformat()}'\n"
                "recovery_target_action = 'promote'\n"
            )
        (postgres.cluster / "recovery.signal").touch()


class PgBackRest:
    """pgBackRest, with a repository on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "pgbackrest"
        self.settings = self.folder / "pgbackrest.conf"
        shipped = (SHIPPED / "postgresql-pgbackrest.conf").read_text()
        placed = shipped.replace("--stanza", f"--config={self.settings} --stanza")
        self.options = dict(SETTING.findall(placed)) | OFTEN

    def prepare(self, postgres: Postgres) -> None:
        """Make the repository, and look whether the log arrives there."""
        if not shutil.which("pgbackrest"):
            raise NotHere("pgBackRest is not installed: apt-get install pgbackrest.")
        self.folder.mkdir()
        os.chown(self.folder, postgres.disguise.owner, -1)
        self.settings.write_text(self.placed(postgres))
        try:
            self.run(postgres, "stanza-create")
        except StackError as error:
            if UNKNOWN_VERSION in str(error):
                raise NotHere(too_old(postgres)) from None
            raise
        self.run(postgres, "check")

    def placed(self, postgres: Postgres) -> str:
        """The shipped settings with the folders, port and user of the drill."""
        text = (SHIPPED / "pgbackrest.conf").read_text()
        text = text.replace("/var/lib/pgbackrest", str(self.folder / "repository"))
        text = re.sub(r"(?m)^pg1-path=.*", f"pg1-path={postgres.cluster}", text)
        here = [f"{kind}-path={self.folder}" for kind in ("log", "lock", "spool")]
        return text.replace("[global]", "\n".join(["[global]", *here])) + (
            f"pg1-port={postgres.port}\npg1-user={USER}\n"
        )

    def back_up(self, postgres: Postgres) -> None:
        """Copy; it looks at each page's checksum itself."""
        self.run(postgres, "--type=full", "backup")

    def restore(self, postgres: Postgres, moment: dt.datetime) -> None:
        """Lay it down, with the settings that have PostgreSQL read the log up to the moment."""
        postgres.cluster.mkdir(mode=0o700)
        os.chown(postgres.cluster, postgres.disguise.owner, -1)
        target = moment.strftime("%Y-%m-%d %H:%M:%S.%f+00")
        words = ["--type=time", f"--target={target}", "--target-action=promote"]
        self.run(postgres, *words, "restore")

    def run(self, postgres: Postgres, *words: str) -> None:
        """Run pgBackRest; raise StackError when it fails."""
        given = [f"--config={self.settings}", "--stanza=licensing", *words]
        run(postgres, "pgbackrest", *given)


def too_old(postgres: Postgres) -> str:
    """Why it is not drilled by this pgBackRest, and by which it could be."""
    ours = version("pgbackrest", "version")
    wanted = version(postgres.programs / "postgres", "--version")
    return (
        f"Not by pgBackRest: {ours} does not know PostgreSQL {wanted}. The package of "
        "https://apt.postgresql.org does."
    )


def version(*command: str | Path) -> str:
    """What a program says of its version, as its last word."""
    return subprocess.check_output(command, text=True).split()[-1]


WAYS: dict[str, type[Backups]] = {"pg_basebackup": Basebackup, "pgBackRest": PgBackRest}


def run(postgres: Postgres, program: str | Path, *words: str | Path) -> None:
    """Run a program as whom PostgreSQL runs; raise StackError with its words when it fails."""
    entering = {"PGHOST": "127.0.0.1", "PGPASSWORD": postgres.password}
    told = subprocess.run(
        [program, *words],
        preexec_fn=postgres.disguise.put_on,
        env=os.environ | entering,
        cwd="/",
        capture_output=True,
        text=True,
    )
    if told.returncode:
        raise StackError(f"{Path(program).name} failed: {(told.stderr or told.stdout).strip()}")
