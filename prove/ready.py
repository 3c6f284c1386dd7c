"""What a run begins with: a product that can start, and licences to work on."""

from __future__ import annotations

import argparse
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import django
from django.core.management import call_command

from devstack.postgres import programs
from prove import plan
from prove.history import Writer


def make_ready(folder: Path, url: str, like: str, env: Mapping[str, str]) -> None:
    """Make the tables or copy those of another database, and say that all static files are there.

    From then on this process is one of the product's own.
    """
    os.environ.update(env)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    pretend_to_collect(folder / "static")
    if like:
        copy_tables(like, url)
    else:
        call_command("migrate", interactive=False, verbosity=0)


def pretend_to_collect(folder: Path) -> None:
    """Write the list that a product looks at before it is ready: no client here asks for a file."""
    from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

    from licensing import readiness

    folder.mkdir(exist_ok=True)
    files = ManifestStaticFilesStorage(location=folder)
    files.hashed_files = {path: path for path in readiness.source_files()}
    files.save_manifest()


def copy_tables(like: str, url: str) -> None:
    """Have the tables of another database, in a fifth of the time that it takes to make them."""
    careful = ["--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    with subprocess.Popen(
        [programs() / "pg_dump", "--no-owner", like], stdout=subprocess.PIPE
    ) as dumping:
        subprocess.run(
            [programs() / "psql", *careful, url],
            stdin=dumping.stdout,
            stdout=subprocess.DEVNULL,
            check=True,
        )


def make_estate(folder: Path, port: int, options: argparse.Namespace) -> None:
    """Issue the licences and write the plan."""
    from prove import estate

    pools, keys = estate.make(options.pools, options.seed)
    plan.write(
        folder,
        plan.Plan(
            port, options.seed, options.clients, options.operations, options.seconds, pools
        ),
    )  # fmt: skip
    plan.hand_out(folder, {key.licence: key for key in keys})
    with Writer(folder / "pools.jsonl") as history:
        for pool in pools:
            history.write(pool)
    from django.db import connection

    connection.close()
