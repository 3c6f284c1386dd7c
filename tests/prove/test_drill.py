"""A short drill: the database is lost under load, and all of the moment is there again."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from devstack import disguise, postgres
from prove.drill.backups import NotHere, PgBackRest
from tests.devstack import shell

SHORTLY = ["--way=pg_basebackup", "--seconds=0.6", "--clients=6", "--pools=14"]


@pytest.mark.slow
@pytest.mark.django_db
def test_nothing_older_than_the_moment_is_lost():
    told = subprocess.run(
        [sys.executable, "-m", "prove.drill", *SHORTLY, f"--like={shell.tests_database()}"],
        env=shell.variables(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )

    assert told.returncode == 0, told.stdout


DOES_NOT_KNOW = """#!/bin/sh
test "$1" = version && echo "pgBackRest 2.45" && exit
echo "ERROR: [103]: unexpected control version = 1800 and catalog version = 202506291" >&2
exit 103
"""
"""As Debian 12's says it of PostgreSQL 18."""


def test_a_pgbackrest_that_is_too_old_says_for_what_and_where_a_newer_one_is(tmp_path, monkeypatch):
    program = tmp_path / "pgbackrest"
    program.write_text(DOES_NOT_KNOW)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    cluster = SimpleNamespace(
        cluster=tmp_path / "cluster", port=1, password="", programs=postgres.programs(),
        disguise=disguise.as_we_are(),
    )  # fmt: skip

    (tmp_path / "drill").mkdir()
    with pytest.raises(NotHere) as told:
        PgBackRest(tmp_path / "drill").prepare(cluster)

    [ours, wanted] = [word for word in str(told.value).split() if word[0].isdigit()]
    assert (ours, int(wanted.split(".")[0]) > 15) == ("2.45", True)
    assert "apt.postgresql.org" in str(told.value)
